#include "core/train/session.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#define CVLAB_THREADS 1
#include <condition_variable>
#include <mutex>
#include <thread>
#endif

namespace cvlab {

namespace {

#ifdef CVLAB_THREADS
using Mutex = std::mutex;
using Lock = std::unique_lock<std::mutex>;
#else
struct Mutex {};
struct Lock {
  explicit Lock(Mutex&) {}
};
#endif

// All that a network has learned: parameters and batch norm's statistics, one after the other.
using Weights = std::vector<float>;

template <class Graph, class Function>
void each_tensor(Graph& model, Function&& function) {
  for (auto& parameter : model.parameters()) function(parameter.value);
  for (auto& [name, statistics] : model.statistics()) {
    function(statistics.mean);
    function(statistics.variance);
  }
}

void keep(const nn::Graph& model, Weights& weights) {
  weights.clear();
  each_tensor(model, [&](const Tensor& t) { weights.insert(weights.end(), t.data(), t.data() + t.count()); });
}

void put_back(const Weights& weights, nn::Graph& model) {
  auto from = weights.begin();
  each_tensor(model, [&](Tensor& t) {
    std::copy_n(from, t.count(), t.data());
    from += t.count();
  });
}

bool same_structure(const nn::Graph& a, const nn::Graph& b) {
  const auto p = a.parameters(), q = b.parameters();
  return a.name() == b.name() && a.layers().size() == b.layers().size() &&
         std::equal(p.begin(), p.end(), q.begin(), q.end(), [](const Parameter& x, const Parameter& y) {
           return x.name == y.name && x.value.shape() == y.value.shape();
         });
}

}  // namespace

struct TrainingSession::State {
  State(nn::Graph network, std::shared_ptr<const Split> examples, const TrainerParams& params)
      : data(std::move(examples)),
        initial(network),
        model(std::move(network)),
        trainer(model, data->train, data->test, params) {
    keep(model, current);
    history.push_back(current);
  }

  // One mini-batch; false when there is nothing (more) to do. Called by whoever trains, without the lock.
  bool advance() {
    {
      const Lock lock(mutex);
      if (running && (trainer.finished() || (trainer.steps_done() >= until && !trainer.evaluating()))) running = false;
      if (!running) {
        publish();
        return false;
      }
      busy = true;
    }
    trainer.step(0.0);
    const Lock lock(mutex);
    busy = false;
    publish();
    return true;
  }

  void publish() {
    const std::vector<TrainingPoint>& points = trainer.points();
    fresh.points.insert(fresh.points.end(), points.begin() + static_cast<std::ptrdiff_t>(published_points),
                        points.end());
    published_points = points.size();
    const std::vector<EpochResult>& epochs = trainer.epochs();
    for (; published_epochs < epochs.size(); ++published_epochs) {
      fresh.epochs.push_back(epochs[published_epochs]);
      keep(model, current);
      history.push_back(current);
    }
    fresh.steps = trainer.steps_done();
    fresh.finished = trainer.finished();
    fresh.diverged = trainer.diverged();
    fresh.images_per_second = trainer.images_per_second();
    if (current_wanted || !running) keep(model, current);
    current_wanted = false;
    moved = true;
  }

  bool copy_to(const Weights& weights, nn::Graph& target) const {
    if (!same_structure(initial, target)) target = initial;
    put_back(weights, target);
    return true;
  }

  // What has happened since the last call joins the snapshot.
  bool collect() {
    const Lock lock(mutex);
    if (!moved) return false;
    moved = false;
    seen.points.insert(seen.points.end(), fresh.points.begin(), fresh.points.end());
    seen.epochs.insert(seen.epochs.end(), fresh.epochs.begin(), fresh.epochs.end());
    fresh.points.clear();
    fresh.epochs.clear();
    seen.steps = fresh.steps;
    seen.finished = fresh.finished;
    seen.diverged = fresh.diverged;
    seen.images_per_second = fresh.images_per_second;
    return true;
  }

  const std::shared_ptr<const Split> data;
  const nn::Graph initial;  // for its structure; nobody trains it
  Snapshot seen;            // the picture's own

  nn::Graph model;  // these two are touched by whoever trains, alone
  Trainer trainer;

  mutable Mutex mutex;  // guards what follows
  bool running = false;
  bool moved = false, current_wanted = false;
  bool busy = false;  // in a mini-batch: a pause counts from its end
  int until = 0;
  Snapshot fresh;  // since the last collect()
  std::size_t published_points = 0, published_epochs = 0;
  std::vector<Weights> history;  // at the end of each epoch; 0 = before training
  Weights current;

#ifdef CVLAB_THREADS
  void train_in_background() {
    for (;;) {
      {
        Lock lock(mutex);
        wake.wait(lock, [&] { return stopping || running; });
        if (stopping) return;
      }
      while (advance()) {
        const Lock lock(mutex);
        if (stopping) return;
      }
    }
  }

  bool stopping = false;
  std::condition_variable wake;
  std::thread thread;
#endif
};

TrainingSession::TrainingSession(nn::Graph model, std::shared_ptr<const Split> data, const TrainerParams& params)
    : state_(std::make_unique<State>(std::move(model), std::move(data), params)) {}

TrainingSession::~TrainingSession() {
#ifdef CVLAB_THREADS
  if (!state_->thread.joinable()) return;
  {
    const Lock lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
#endif
}

bool TrainingSession::has_thread() {
#ifdef CVLAB_THREADS
  return true;
#else
  return false;
#endif
}

void TrainingSession::run(int until_step) {
  {
    const Lock lock(state_->mutex);
    state_->until = until_step;
    state_->running = true;
  }
#ifdef CVLAB_THREADS
  if (!state_->thread.joinable())
    state_->thread = std::thread([state = state_.get()] { state->train_in_background(); });
  state_->wake.notify_one();
#endif
}

void TrainingSession::pause() {
  const Lock lock(state_->mutex);
  state_->running = false;
}

bool TrainingSession::running() const {
  const Lock lock(state_->mutex);
  return state_->running || state_->busy;
}

void TrainingSession::change(const std::function<void(nn::Graph&)>& edit) {
  const Lock lock(state_->mutex);
  assert(!state_->running && !state_->busy && "weights change between mini-batches: pause first");
  edit(state_->model);
  keep(state_->model, state_->current);
}

bool TrainingSession::work(double budget_seconds) {
  if (!has_thread() && running()) {
    const auto start = std::chrono::steady_clock::now();
    while (state_->advance())
      if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() >= budget_seconds) break;
  }
  return state_->collect();
}

const TrainingSession::Snapshot& TrainingSession::snapshot() const { return state_->seen; }

bool TrainingSession::model_at(int epoch, nn::Graph& model) const {
  const Lock lock(state_->mutex);
  if (epoch < 0 || epoch >= static_cast<int>(state_->history.size())) return false;
  return state_->copy_to(state_->history[static_cast<std::size_t>(epoch)], model);
}

bool TrainingSession::current_model(nn::Graph& model) const {
  const Lock lock(state_->mutex);
  // While it runs: as of the mini-batch after the last time somebody asked, so that nobody waits for one.
  state_->current_wanted = true;
  return state_->copy_to(state_->current, model);
}

}  // namespace cvlab
