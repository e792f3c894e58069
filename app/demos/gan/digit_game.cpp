#include "app/demos/gan/digit_game.hpp"

#include <limits>
#include <numeric>
#include <utility>

#include "app/shell/course_files.hpp"
#include "core/nn/dense_net.hpp"

namespace cvlab::app {

namespace {

constexpr std::uint64_t wall_noise = 7;  // stream of the noises that are shown
constexpr int classes = 10;

}  // namespace

bool DigitGame::load() {
  bool news = false;
  if (!real_) {
    Result<Dataset> data = course_pictures(files_, "digits", "train");
    problem_ = data ? Error{} : data.error();
    if (data) real_ = std::make_shared<const Dataset>(std::move(data).value());
    news = true;
  }
  if (!classifier_) {
    Result<nn::Graph> network = course_network(files_, "lenet5", "digits");
    news = news || network;
    if (network) classifier_ = std::move(network).value();
  }
  return news;
}

void DigitGame::begin(const ImageGanSettings& settings) {
  noise_ = code_noise(samples, settings.codes, 0, wall_noise);
  std::vector<int> first(static_cast<std::size_t>(std::min(samples, real_->count())));
  std::iota(first.begin(), first.end(), 0);
  real_shown_ = gan_pictures(*real_, first);
  real_sheet_.set(real_shown_, Shade::grey, -1.0F, 1.0F);
  run_.emplace(GanImages(real_, settings), keyframes);
}

// The classifier was trained on 0 .. 1.
std::optional<ClassScore> DigitGame::classify(const Tensor& pictures) {
  if (!classifier_) return std::nullopt;
  Tensor grey = pictures;
  for (std::ptrdiff_t i = 0; i < grey.count(); ++i) grey.data()[i] = 0.5F * (grey.data()[i] + 1.0F);
  return class_score(class_probabilities(*classifier_, grey));
}

DigitGame::Seen DigitGame::seen(double logit, const std::optional<ClassScore>& score, std::size_t index) const {
  if (!score) return {portable_sigmoid(logit), -1, 0.0};
  return {portable_sigmoid(logit), score->classes[index], score->sure[index]};
}

void DigitGame::look_part(int part) {
  GanImages& gan = run_->run();
  if (part == 0) {
    next_.made = gan.generate(noise_);
  } else if (part == 1) {
    next_.wall_logits = gan.discriminate(next_.made);
    next_.real_logits = gan.discriminate(real_shown_);
  } else if (part == 2) {
    next_.score = classify(next_.made);
  } else {
    wall_.set(next_.made, Shade::grey, -1.0F, 1.0F);
    wall_logits_ = next_.wall_logits;
    real_logits_ = next_.real_logits;
    losses_ = gan_losses(gan.settings().loss, real_logits_, wall_logits_);
    score_ = next_.score;
    look_walk();
  }
}

void DigitGame::look_walk() {
  const std::ptrdiff_t codes = noise_.size(1);
  const float* from = noise_.data() + chosen("from") * codes;
  const float* to = noise_.data() + chosen("to") * codes;
  Tensor between(Shape{walk_tiles + 1, codes});
  for (int k = 0; k <= walk_tiles; ++k) {
    const auto t = k < walk_tiles ? static_cast<float>(k) / static_cast<float>(walk_tiles - 1)
                                  : static_cast<float>(state_.real("walk"));
    for (std::ptrdiff_t i = 0; i < codes; ++i) between(k, i) = (1.0F - t) * from[i] + t * to[i];
  }
  GanImages& gan = run_->run();
  const Tensor made = gan.generate(between);
  walk_.set(made, Shade::grey, -1.0F, 1.0F);
  const std::vector<double> logits = gan.discriminate(made);
  const std::optional<ClassScore> score = classify(made);
  walked_.clear();
  for (std::size_t k = 0; k <= walk_tiles; ++k) walked_.push_back(seen(logits[k], score, k));
}

void DigitGame::add_readouts(Readouts& readouts, bool any) const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool judged = any && score_;
  const bool walked = any && !walked_.empty();
  const Seen place = walked ? walked_.back() : Seen{};
  int clear = 0;
  if (judged) clear = std::accumulate(score_->sure_counts.begin(), score_->sure_counts.end(), 0);
  readouts.push_back({"modes", judged ? static_cast<double>(score_->captured) : undefined});
  readouts.push_back({"modes_there", any ? static_cast<double>(classes) : undefined});
  readouts.push_back({"good", judged ? 100.0 * clear / samples : undefined, "%", 3});
  readouts.push_back({"points", any ? static_cast<double>(real_->count()) : undefined});
  readouts.push_back({"score", judged ? score_->score : undefined});
  readouts.push_back({"sure", judged ? 100.0 * score_->mean_sure : undefined, "%", 3});
  readouts.push_back({"walk_d", walked ? place.d : undefined});
  readouts.push_back({"walk_digit", walked && place.digit >= 0 ? static_cast<double>(place.digit) : undefined});
}

}  // namespace cvlab::app
