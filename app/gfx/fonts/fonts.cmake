# cvlab_embed_fonts(<target>): Inter and JetBrains Mono, cut down to fonts/glyphs.txt, inside the program.
# CVLAB_FONT_DIR holds the three font files. fonttools' subsetter is, first that applies: FETCHCONTENT_SOURCE_DIR_FONTTOOLS
# (tools/setup), pyftsubset on PATH; without it the program works too, and is a megabyte larger.
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/../embedded.cmake")
set(CVLAB_GLYPHS "${CMAKE_CURRENT_LIST_DIR}/glyphs.txt")

find_program(CVLAB_PYFTSUBSET pyftsubset)
find_program(CVLAB_PYTHON python3)
if(FETCHCONTENT_SOURCE_DIR_FONTTOOLS AND CVLAB_PYTHON)
  set(cvlab_cut_font "${CMAKE_COMMAND}" -E env "PYTHONPATH=${FETCHCONTENT_SOURCE_DIR_FONTTOOLS}"
      "${CVLAB_PYTHON}" -B -m fontTools.subset)
elseif(CVLAB_PYFTSUBSET)
  set(cvlab_cut_font "${CVLAB_PYFTSUBSET}")
else()
  message(WARNING "fonttools is missing (tools/setup fetches it): the fonts are embedded whole.")
endif()

function(cvlab_embed_font target name file)
  find_file(font_${name} "${file}" HINTS "${CVLAB_FONT_DIR}" PATH_SUFFIXES inter jetbrains-mono
            PATHS /usr/share/fonts/opentype /usr/share/fonts/truetype NO_CMAKE_FIND_ROOT_PATH)
  if(NOT font_${name})
    message(FATAL_ERROR "The font ${file} is missing: install fonts-inter and fonts-jetbrains-mono, or run tools/setup.")
  endif()
  if(NOT cvlab_cut_font)
    cvlab_embed(${target} ${name} "${font_${name}}")
    return()
  endif()
  set(subset "${CMAKE_BINARY_DIR}/generated/fonts/${file}")
  # Hints and layout tables go: Dear ImGui's rasteriser reads neither.
  add_custom_command(
    OUTPUT "${subset}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/generated/fonts"
    COMMAND ${cvlab_cut_font} "${font_${name}}" "--text-file=${CVLAB_GLYPHS}" "--output-file=${subset}"
            --no-hinting --layout-features= --notdef-outline --name-IDs=0,1,2,13
            --drop-tables+=GSUB,GPOS,GDEF,DSIG
    DEPENDS "${font_${name}}" "${CVLAB_GLYPHS}"
    COMMENT "Cutting ${file} down to our characters"
    VERBATIM)
  cvlab_embed(${target} ${name} "${subset}")
endfunction()

function(cvlab_embed_fonts target)
  cvlab_embed_font(${target} inter_regular Inter-Regular.otf)
  cvlab_embed_font(${target} inter_semibold Inter-SemiBold.otf)
  cvlab_embed_font(${target} jetbrains_mono JetBrainsMono-Regular.ttf)
  cvlab_embed(${target} glyphs "${CVLAB_GLYPHS}")
endfunction()
