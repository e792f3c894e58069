// A network as columns (or, on a tall stage, rows) of small maps, one column a layer: every value that it computes for
// one picture. Maps of a layer share one scale of colours. Layers of single numbers are cells with their numbers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/gfx/canvas.hpp"
#include "app/gfx/shade.hpp"
#include "app/views/cells.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

struct MapLayer {
  std::string name;    // over the column
  std::string detail;  // under the name, softer: "8 × 26 × 26"
  Tensor values;       // (C, H, W); (C, 1, 1): single numbers
  Shade shade = Shade::diverging;
  float high = 1.0F;                // the end of its colours
  std::vector<std::string> labels;  // before each number of a layer of such; may be empty
  bool percent = false;             // numbers are shares
};

struct MapUnit {
  int layer = 0, channel = 0, row = 0, column = 0;
  bool operator==(const MapUnit&) const = default;
};

// A rectangle of cells of one map.
struct MapBlock {
  int layer = 0, channel = 0, row0 = 0, row1 = 1, column0 = 0, column1 = 1;
};

class NetworkMap {
 public:
  void set(std::vector<MapLayer> layers);
  const std::vector<MapLayer>& layers() const { return layers_; }

  // Where everything stands: the maps are of one size, of at most `most_tile` px; those of a layer of more than eight
  // are smaller in rows. The first layer's are `first` times as large.
  void arrange(const Rect& area, bool downwards, float most_tile, float first);
  float bottom() const { return bottom_; }  // of what is drawn

  CellMap cells(int layer, int channel) const;
  Rect map_rect(int layer, int channel) const;
  Rect block_rect(const MapBlock& block) const;
  std::optional<MapUnit> at(float x, float y) const;

  // Maps, names; layer `lit` has its name in the colour of what is looked at.
  void draw(const Canvas& canvas, int lit);
  // Outlines of blocks, lines from each block to `to`, if there is one.
  void draw_blocks(const Canvas& canvas, const std::vector<MapBlock>& blocks, ImU32 colour,
                   const std::optional<MapUnit>& to) const;

 private:
  struct Place {
    Rect area;  // of the layer's maps
    float tile = 1.0F, tile_width = 1.0F;
    int across = 1;  // maps side by side
    float label = 0.0F;
  };
  static bool numbers(const MapLayer& layer) { return layer.values.size(1) == 1 && layer.values.size(2) == 1; }
  void arrange_columns(const Rect& area, float most_tile, float first);
  void arrange_rows(const Rect& area, float most_tile, float first);
  void draw_names(const Canvas& canvas, int lit) const;
  void draw_numbers(const Canvas& canvas, int layer) const;
  void draw_maps(const Canvas& canvas, int layer);

  std::vector<MapLayer> layers_;
  std::vector<Place> places_;
  std::vector<std::unique_ptr<Texture>> textures_;
  bool changed_ = false;
  bool downwards_ = false;
  float bottom_ = 0.0F;
};

}  // namespace cvlab::app
