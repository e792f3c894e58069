// The wall of made-up digits beside real ones, the walk between two noises, the meter of classes.
#include <algorithm>
#include <cmath>

#include "app/demos/gan/bars.hpp"
#include "app/demos/gan/digit_game.hpp"
#include "app/shell/words.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr int wall_columns = 8, wall_rows = DigitGame::samples / wall_columns, real_columns = 2;
constexpr float apart = 14.0F;    // between made-up and real ones
constexpr float largest = 64.0F;  // px of a tile
constexpr float track_height = 26.0F;

std::string percent(const Words& words, double share) { return words.number(100.0 * share, 3) + "\u00A0%"; }

// The end of the walk that a picture is: its letter in a corner, and a frame.
void draw_tag(const Canvas& canvas, const Rect& tile, const char* letter) {
  draw_frame(canvas, tile, canvas.theme.focus, 2.0F);
  const Rect tag{tile.x0, tile.y0, tile.x0 + 15.0F, tile.y0 + 15.0F};
  canvas.list.AddRectFilled({tag.x0, tag.y0}, {tag.x1, tag.y1}, canvas.theme.focus);
  canvas.text(canvas.fonts.number_small, 0.5F * (tag.x0 + tag.x1), 0.5F * (tag.y0 + tag.y1), ink_on(canvas.theme.focus),
              letter, Align::centre);
}

struct WalkParts {
  Rect place;  // the large picture
  Wall tiles;
  Rect track;
  float first = 0.0F, last = 0.0F;  // px of the middles of the outer tiles
};

WalkParts walk_parts(const Rect& area) {
  WalkParts parts;
  const float large = std::min(area.height() - caption, 0.3F * area.width());
  parts.place = {area.x1 - large, area.y0 + caption, area.x1, area.y0 + caption + large};
  Rect rest{area.x0, parts.place.y0, parts.place.x0 - 14.0F, parts.place.y1 - track_height};
  parts.tiles = Wall::fit(rest, DigitGame::walk_tiles, DigitGame::walk_tiles, largest);
  rest.y0 += std::floor(0.5F * (rest.height() - parts.tiles.area().height()));  // in the middle of the large picture
  parts.tiles = Wall::fit(rest, DigitGame::walk_tiles, DigitGame::walk_tiles, largest);
  const Rect tiles = parts.tiles.area();
  parts.track = {tiles.x0, tiles.y1, tiles.x1, tiles.y1 + track_height};
  parts.first = tiles.x0 + 0.5F * parts.tiles.side;
  parts.last = tiles.x1 - 0.5F * parts.tiles.side;
  return parts;
}

}  // namespace

float DigitGame::wall_height(float width) {
  const float side = std::floor((width - apart) / static_cast<float>(wall_columns + real_columns) - 2.0F);
  return caption + static_cast<float>(wall_rows) * (std::min(side, largest) + 2.0F);
}

float DigitGame::walk_height(float width) { return caption + std::clamp(0.16F * width, 56.0F, 96.0F) + 4.0F; }

std::string DigitGame::describe(const Words& words, const Seen& what) const {
  const std::string d = words.number(what.d, 3);
  if (what.digit < 0) return "D = " + d;
  return words.format("gan.seen", {d, std::to_string(what.digit), percent(words, what.sure)});
}

// A click makes that noise the end of the walk, and what was its end the beginning.
void DigitGame::choose(int index) {
  if (index == chosen("to")) return;
  (void)state_.set("from", state_.raw("to"));
  (void)state_.set("to", std::to_string(index + 1));
}

void DigitGame::draw_wall(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const float shares = static_cast<float>(wall_columns) / static_cast<float>(wall_columns + real_columns);
  const Rect below{area.x0, area.y0 + caption, area.x1, area.y1};
  const Rect made{below.x0, below.y0, below.x0 + shares * (below.width() - apart), below.y1};
  const Wall wall = Wall::fit(made, samples, wall_columns, largest);
  const float x = wall.area().x1 + apart;
  const Rect beside{x, below.y0, x + static_cast<float>(real_columns) * (wall.side + wall.gap), below.y1};
  const int reals = std::min(wall.rows() * real_columns, real_sheet_.count());
  Wall real = Wall::fit(beside, reals, real_columns, wall.side);
  real.side = wall.side;
  draw_caption(canvas, {wall.x, area.y0 + caption, wall.area().x1, area.y1}, words("gan.wall"),
               words("gan.wall_detail"));
  draw_caption(canvas, {real.x, area.y0 + caption, area.x1, area.y1}, words("gan.real"), nullptr);
  for (int i = 0; i < wall.count; ++i) wall_.draw(canvas, i, wall.rect(i));
  for (int i = 0; i < real.count; ++i) real_sheet_.draw(canvas, i, real.rect(i));
  if (score_ && pointed_class_) {
    for (int i = 0; i < wall.count; ++i) {
      if (score_->classes[static_cast<std::size_t>(i)] == *pointed_class_)
        draw_frame(canvas, wall.rect(i), theme.focus, 2.0F);
    }
  } else {
    draw_tag(canvas, wall.rect(chosen("from")), "A");
    draw_tag(canvas, wall.rect(chosen("to")), "B");
  }
  const AreaInput input = area_input("wall", {wall.x, wall.y, real.area().x1, wall.area().y1});
  if (!input.hovered && !input.clicked) return;
  if (const auto over = wall.at(input.x, input.y)) {
    if (input.clicked) choose(*over);
    draw_frame(canvas, wall.rect(*over), theme.focus, 2.0F);
    const auto i = static_cast<std::size_t>(*over);
    draw_note(
        canvas, input.x, input.y,
        words.format("gan.wall_note", {std::to_string(*over + 1), describe(words, seen(wall_logits_[i], score_, i))}));
  } else if (const auto one = real.at(input.x, input.y)) {
    draw_frame(canvas, real.rect(*one), theme.focus, 2.0F);
    const Seen what = seen(real_logits_[static_cast<std::size_t>(*one)], std::nullopt, 0);
    draw_note(canvas, input.x, input.y, words.format("gan.real_note", {words.number(what.d, 3)}));
  }
}

void DigitGame::draw_walk(const Canvas& canvas, const Rect& area) {
  if (walked_.empty()) return;
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const WalkParts parts = walk_parts(area);
  const double t = state_.real("walk");
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1}, words("gan.walk"),
               describe(words, walked_.back()).c_str());
  for (int k = 0; k < walk_tiles; ++k) walk_.draw(canvas, k, parts.tiles.rect(k));
  draw_tag(canvas, parts.tiles.rect(0), "A");
  draw_tag(canvas, parts.tiles.rect(walk_tiles - 1), "B");
  walk_.draw(canvas, walk_tiles, parts.place);
  draw_frame(canvas, parts.place, theme.rule_strong, 1.0F);
  const float y = 0.5F * (parts.track.y0 + parts.track.y1) + 1.0F;
  const float knob = parts.first + static_cast<float>(t) * (parts.last - parts.first);
  canvas.list.AddLine({parts.first, y}, {parts.last, y}, theme.rule_strong, 4.0F);
  canvas.list.AddLine({parts.first, y}, {knob, y}, theme.accent, 4.0F);
  canvas.list.AddCircleFilled({knob, y}, 8.0F, theme.accent);
  canvas.list.AddCircleFilled({knob, y}, 3.0F, theme.raised);
  const AreaInput input = area_input("walk", {parts.tiles.x, parts.tiles.y, parts.tiles.area().x1, parts.track.y1});
  if (input.hovered || input.pressed) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const double at = static_cast<double>((input.x - parts.first) / std::max(1.0F, parts.last - parts.first));
    (void)state_.set("walk", State::format(std::clamp(std::round(100.0 * at), 0.0, 100.0) / 100.0));
  } else if (const auto over = parts.tiles.at(input.x, input.y); over && input.hovered) {
    draw_note(canvas, input.x, input.y,
              words.format("gan.walk_note", {words.number(1.0 - static_cast<double>(*over) / (walk_tiles - 1), 2),
                                             words.number(static_cast<double>(*over) / (walk_tiles - 1), 2),
                                             describe(words, walked_[static_cast<std::size_t>(*over)])}));
  }
}

// What the classifier sees in the wall: pictures of each digit, the clear ones strong; below, the score.
void DigitGame::draw_meter(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  pointed_class_.reset();
  if (!score_) {
    canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 12.0F, canvas.theme.ink_soft, words("gan.no_judge"));
    return;
  }
  const Rect lower{area.x0, area.y1 - 44.0F, area.x1, area.y1};
  const auto classes = static_cast<double>(score_->counts.size());
  draw_caption(canvas, {lower.x0, lower.y0 + caption, lower.x1, lower.y1}, words("gan.score"),
               words.format("gan.score_detail", {words.number(score_->score, 3)}).c_str());
  draw_share(canvas, {lower.x0, lower.y0 + 26.0F, lower.x1, lower.y0 + 38.0F}, (score_->score - 1.0) / (classes - 1.0));
  const AreaInput input = area_input("score", lower);
  if (input.hovered) draw_note(canvas, input.x, input.y, words("gan.score_note"));
  const Rect bars{area.x0, area.y0 + bars_caption, area.x1, lower.y0 - 8.0F};
  if (bars.height() < 48.0F) return;
  draw_caption(canvas, {area.x0, area.y0 + bars_caption, area.x1, area.y1},
               words.format("gan.digits", {std::to_string(score_->captured)}).c_str(),
               words.format("gan.mean_sure", {words.number(100.0 * score_->mean_sure, 3)}).c_str());
  pointed_class_ = draw_mode_bars(canvas, bars, {score_->sure_counts, score_->counts, samples / classes, true});
  if (!pointed_class_) return;
  const auto c = static_cast<std::size_t>(*pointed_class_);
  draw_note_at_pointer(
      canvas, words.format("gan.digit_note", {std::to_string(*pointed_class_), std::to_string(score_->counts[c]),
                                              std::to_string(score_->sure_counts[c])}));
}

}  // namespace cvlab::app
