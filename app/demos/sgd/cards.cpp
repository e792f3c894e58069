// The five parts of one step of training, with the numbers of the step that comes next.
#include <algorithm>
#include <cmath>

#include "app/demos/sgd/sgd.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

std::string listed(const Words& words, std::span<const double> values, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < most; ++i) text += (i > 0 ? " " : "") + words.number(values[i], 2);
  return values.size() > most ? text + " …" : text;
}

}  // namespace

// Two or three short lines a card.
std::vector<std::string> Sgd::card_lines(const Words& words, int part) const {
  const std::size_t n = now_.batch.size();
  const std::string u = words("sgd.axis_u." + landscape_), v = words("sgd.axis_v." + landscape_);
  const auto number = [&](double value) { return words.number(value, 4); };
  switch (part) {
    case 1: {
      std::string examples;
      for (std::size_t i = 0; i < n && i < 5; ++i) examples += (i > 0 ? ", " : "") + std::to_string(now_.batch[i] + 1);
      if (n > 5) examples += " …";
      return {words.format("sgd.of_examples", {std::to_string(n), std::to_string(slice_->examples())}),
              words.format("sgd.numbers", {examples})};
    }
    case 2: {
      std::vector<double> targets;
      for (const int i : now_.batch) targets.push_back(slice_->data().targets[static_cast<std::size_t>(i)]);
      return {"f  " + listed(words, now_.outputs, 3), "y  " + listed(words, targets, 3)};
    }
    case 3:
      return {words(slice_->data().classify ? "sgd.formula_ce" : "sgd.formula_mse"),
              "L = " + number(now_.of_batch.loss)};
    case 4:
      return {"∂L/∂" + u + " = " + number(now_.of_batch.du), "∂L/∂" + v + " = " + number(now_.of_batch.dv)};
    default:
      break;
  }
  const std::string rate = "η = " + words.number(now_.rate, 3);
  if (!now_.has_next) return {rate, words("sgd.no_next")};
  return {rate, u + "  " + words.number(now_.from.u, 3) + " → " + words.number(now_.to.u, 3),
          v + "  " + words.number(now_.from.v, 3) + " → " + words.number(now_.to.v, 3)};
}

// A card's number with the numbers that made it.
std::string Sgd::card_note(const Words& words, int part) const {
  const auto number = [&](double value) { return words.number(value, 3); };
  const auto joined = [&](auto term) {
    std::string text;
    for (std::size_t k = 0; k < now_.batch.size() && k < 4; ++k) text += (k > 0 ? " + " : "") + term(k);
    return now_.batch.size() > 4 ? text + " + …" : text;
  };
  const std::string divisor = " / " + std::to_string(now_.batch.size());
  if (part == 3 && !slice_->data().classify) {
    const auto term = [&](std::size_t k) {
      const double y = slice_->data().targets[static_cast<std::size_t>(now_.batch[k])];
      return "(" + number(now_.outputs[k]) + " − " + number(y) + ")²";
    };
    return "L = (" + joined(term) + ")" + divisor + " = " + number(now_.of_batch.loss);
  }
  if (part == 4) {
    const auto term = [&](std::size_t k) { return number(now_.each[static_cast<std::size_t>(now_.batch[k])].du); };
    return "∂L/∂" + std::string(words("sgd.axis_u." + landscape_)) + " = (" + joined(term) + ")" + divisor + " = " +
           number(now_.of_batch.du);
  }
  if (part != 5 || !now_.has_next) return {};
  if (chosen().path.settings().optimizer.kind != OptimizerKind::sgd)
    return words.format("sgd.other_update", {words("sgd.optimizer." + std::string(state_.choice("optimizer")))});
  return std::string(words("sgd.axis_u." + landscape_)) + ": " + number(now_.from.u) + " − " + number(now_.rate) +
         " · (" + number(now_.of_batch.du) + ") = " + number(now_.to.u);
}

void Sgd::draw_card_note(const Canvas& canvas, const Rect& card, int part) const {
  const AreaInput input = area_input(("card" + std::to_string(part)).c_str(), card);
  const std::string text = input.hovered ? card_note(canvas.words, part) : std::string();
  if (!text.empty()) draw_note(canvas, input.x, input.y, text);
}

void Sgd::draw_cards(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const bool row = area.width() >= 620.0F;
  const bool opened = state_.toggle("loop");
  const int now = state_.integer("part");
  constexpr float gap = 8.0F;
  for (int part = 1; part <= 5; ++part) {
    Rect box = area;
    const auto k = static_cast<float>(part - 1);
    if (row) {
      const float width = (area.width() - 4.0F * gap) / 5.0F;
      box.x0 = area.x0 + k * (width + gap);
      box.x1 = box.x0 + width;
    } else {
      box.y0 = area.y0 + k * 40.0F;
      box.y1 = box.y0 + 36.0F;
    }
    const bool current = opened && part == now, later = opened && part > now;
    canvas.list.AddRectFilled({box.x0, box.y0}, {box.x1, box.y1}, current ? theme.focus_soft : theme.surface, 6.0F);
    canvas.list.AddRect({box.x0 + 0.5F, box.y0 + 0.5F}, {box.x1 - 0.5F, box.y1 - 0.5F},
                        current ? theme.focus : theme.rule, 6.0F);
    const ImVec2 circle{box.x0 + 18.0F, row ? box.y0 + 18.0F : 0.5F * (box.y0 + box.y1)};
    canvas.list.AddCircleFilled(circle, 10.0F, current ? theme.focus : later ? theme.rule_strong : theme.accent);
    canvas.text(canvas.fonts.text_small, circle.x, circle.y, theme.on_accent, std::to_string(part), Align::centre);
    const std::string title = canvas.words("sgd.part." + std::to_string(part));
    const std::vector<std::string> lines = card_lines(canvas.words, part);
    if (!later) draw_card_note(canvas, box, part);
    const ImU32 ink = later ? theme.ink_faint : theme.ink;
    if (row) {
      const bool small = box.width() < 165.0F;
      ImFont* words_font = small ? canvas.fonts.text_small : canvas.fonts.text;
      ImFont* number_font = small ? canvas.fonts.number_small : canvas.fonts.number;
      canvas.text(words_font, box.x0 + 34.0F, circle.y, ink, fitted(canvas, words_font, title, box.width() - 38.0F));
      float y = box.y0 + 46.0F;
      for (const std::string& line : lines) {
        if (!later)
          canvas.text(number_font, box.x0 + 10.0F, y, ink, fitted(canvas, number_font, line, box.width() - 16.0F));
        y += 23.0F;
      }
      continue;
    }
    canvas.text(canvas.fonts.text_small, box.x0 + 34.0F, circle.y, ink, title);
    if (later) continue;
    // The last two lines, at the right.
    const float left = box.x0 + 42.0F + canvas.text_width(canvas.fonts.text_small, title);
    const std::size_t first = lines.size() > 2 ? lines.size() - 2 : 0;
    float y = box.y0 + 11.0F;
    for (std::size_t i = first; i < lines.size(); ++i) {
      canvas.text(canvas.fonts.number_small, box.x1 - 8.0F, y, ink,
                  fitted(canvas, canvas.fonts.number_small, lines[i], box.x1 - 8.0F - left), Align::right);
      y += 15.0F;
    }
  }
}

}  // namespace cvlab::app
