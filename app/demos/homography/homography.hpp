// Homography: a photographed page is laid flat, its H is computed from four points or from many, and two photographs
// become one. homography.cpp computes, rectify.cpp, ransac.cpp and stitch.cpp draw one task each, params.cpp is the
// table.
#pragma once

#include <optional>
#include <string>

#include "app/shell/demo.hpp"
#include "app/shell/picture_library.hpp"
#include "app/views/area_input.hpp"
#include "app/views/rgba_view.hpp"
#include "core/image/point_pairs.hpp"
#include "core/image/ransac.hpp"
#include "core/image/stitch.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_homography();
std::unique_ptr<Demo> make_homography(DemoContext context);

class HomographyDemo final : public Demo {
 public:
  explicit HomographyDemo(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.4; }
  std::string sentence(const Words& words) const override;

 private:
  enum class Task { rectify, ransac, stitch };
  struct Layout {
    Rect first, second;  // photograph and page; in stitch the two photographs and, below, what becomes of them
    Rect third, fourth;  // what stands below or beside them
    bool wide = true;
  };

  // homography.cpp
  Task task() const;
  void load();
  void read_corners();
  void rectify();
  void sample();
  void stitch();
  void look_at(Point2 photo_point);
  void put_corners();
  Readouts rectify_readouts() const;
  Readouts ransac_readouts() const;
  Readouts stitch_readouts() const;

  // rectify.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_rectify(const Canvas& canvas);
  void draw_photo(const Canvas& canvas, const CellMap& map, bool editable);
  void edit_corners(const CellMap& map);
  void draw_page(const Canvas& canvas, const CellMap& map);
  void draw_system(const Canvas& canvas, const Rect& area) const;
  void draw_matrix(const Canvas& canvas, const Rect& area) const;
  void draw_division(const Canvas& canvas, const Rect& area) const;
  CellMap photo_map(const Rect& area) const;
  CellMap page_map(const Rect& area) const;
  static ImVec2 on_screen(const CellMap& map, Point2 p);

  // ransac.cpp
  Layout ransac_layout(const Canvas& canvas) const;
  void draw_ransac(const Canvas& canvas);
  void draw_pairs(const Canvas& canvas, const CellMap& photo, const CellMap& page);
  void draw_outlines(const Canvas& canvas, const CellMap& page) const;
  void draw_rounds(const Canvas& canvas, const Rect& area) const;

  // stitch.cpp
  void draw_stitch(const Canvas& canvas);
  void draw_matches(const Canvas& canvas, const CellMap& a, const CellMap& b);
  void draw_count(const Canvas& canvas, const Rect& area) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  std::string image_;
  std::uint64_t image_version_ = 0;
  Image photo_;
  double width_ = 448.0, height_ = 172.0;  // of the photograph, known before it has come
  Error problem_;                          // why there is no picture
  Error remark_;                           // why there is no homography

  std::string corners_text_;
  std::array<Point2, 4> corners_{};
  double page_width_ = 480.0, page_height_ = 160.0;
  std::optional<Homography> to_page_, to_photo_;
  bool crossed_ = false;  // the horizon runs through the page
  Image page_;
  RgbaView photo_view_, page_view_;
  Point2 point_;  // that is written out, in the photograph
  std::optional<Point2> pointed_;
  int dragged_ = -1;

  PointPairs pairs_;
  std::optional<HomographyRansac> ransac_;
  std::optional<HomographyRansac::Fit> fit_;
  std::optional<Homography> all_;  // least squares over all pairs, outliers included
  double fit_error_ = 0.0, all_error_ = 0.0;

  std::string views_key_;
  CutViews views_;
  bool real_pair_ = false;
  Features features_a_, features_b_;
  Registration registration_;
  Mosaic mosaic_;
  RgbaView a_view_, b_view_, mosaic_view_;
};

}  // namespace cvlab::app
