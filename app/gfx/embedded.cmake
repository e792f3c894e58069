# cvlab_embed(<target> <name> <file>): adds to <target> a source with the function embedded::<name>(), the bytes of <file>.
# The same file, run as a script (cmake -DIN= -DOUT= -DNAME= -P), writes that source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${IN}" hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")  # 16 bytes a line
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  get_filename_component(file_name "${IN}" NAME)
  file(WRITE "${OUT}"
    "// Made by app/gfx/embedded.cmake from ${file_name}.\n#include \"app/gfx/embedded.hpp\"\n\n"
    "namespace cvlab::app::embedded {\n\nstatic const unsigned char ${NAME}_bytes[] = {\n${bytes}\n};\n\n"
    "Bytes ${NAME}() { return {${NAME}_bytes, sizeof ${NAME}_bytes}; }\n\n}  // namespace cvlab::app::embedded\n")
  return()
endif()

include_guard(GLOBAL)
set(CVLAB_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(cvlab_embed target name file)
  set(source "${CMAKE_BINARY_DIR}/generated/embedded/${name}.cpp")
  add_custom_command(
    OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DIN=${file}" "-DOUT=${source}" "-DNAME=${name}" -P "${CVLAB_EMBED_SCRIPT}"
    DEPENDS "${file}" "${CVLAB_EMBED_SCRIPT}"
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE "${source}")
endfunction()
