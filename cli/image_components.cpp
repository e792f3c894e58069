// cvlab image components [--neighbours 4|8] [--smallest N] [--json] INPUT OUTPUT
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/image_ops.hpp"
#include "cli/picture_file.hpp"
#include "core/image/components.hpp"
#include "core/image/convert.hpp"

namespace cvlab::cli {

namespace {

struct Request {
  int neighbours = 8;
  std::int64_t smallest = 1;
  bool json = false;
  std::string input;
  std::string output;
};

void print(const Components& found) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (std::size_t i = 0; i < found.list.size(); ++i) {
    const Component& c = found.list[i];
    list.push_back(
        {{"label", i + 1}, {"area", c.area}, {"box", {c.left, c.top, c.width, c.height}}, {"centroid", {c.x, c.y}}});
  }
  const Json all = {{"count", found.list.size()}, {"components", list}};
  std::printf("%s\n", all.dump().c_str());
}

Result<void> run(const Request& request) {
  if (Result<void> good = check_output_name(request.output); !good) return good;
  const Result<Tensor> in = load_picture(request.input);
  if (!in) return in.error();
  if (in.value().size(1) != 1) {
    return Error{"components-channels", "components needs a mask of 1 channel, and this picture has " +
                                            std::to_string(in.value().size(1)) + " (run threshold first)."};
  }
  if (Result<void> good = check_bytes(in.value()); !good) return good;
  Components found;
  components(tensor_to_image(in.value().view()), request.neighbours, found);
  if (request.smallest > 1) drop_small(found, request.smallest);
  if (found.list.size() > 255 && request.output.ends_with(".png")) {
    return Error{"components-many", "There are " + std::to_string(found.list.size()) +
                                        " pieces and a PNG holds 255 labels: write .npy, or drop small ones with "
                                        "--smallest."};
  }
  Tensor labels(in.value().shape());
  for (std::size_t i = 0; i < found.label.size(); ++i) labels.data()[i] = static_cast<float>(found.label[i]);
  if (Result<void> saved = save_picture(labels, request.output); !saved) return saved;
  if (request.json) print(found);
  return {};
}

}  // namespace

void add_components_command(CLI::App& image, std::vector<Command>& commands) {
  CLI::App* command =
      image.add_subcommand("components", "Connected pieces of a mask, numbered from 1 in reading order");
  auto request = std::make_shared<Request>();
  command->footer(
      "INPUT: PNG, JPEG or .npy of one channel; what rounds to 0 is background.\nOUTPUT: the label of each pixel, 0 "
      "for "
      "the background: .npy, or .png for at most 255 pieces.");
  command->add_option("--neighbours", request->neighbours, "4: pixels that share a side hang together; 8: or a corner")
      ->check(CLI::IsMember({4, 8}))
      ->capture_default_str();
  command->add_option("--smallest", request->smallest, "Pieces of fewer pixels are background")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))
      ->capture_default_str();
  command->add_flag("--json", request->json, "Print area, box (x, y, width, height) and centroid of each piece");
  command->add_option("INPUT", request->input, "Mask to read")->required();
  command->add_option("OUTPUT", request->output, "Picture of labels to write: .npy or .png")->required();
  commands.push_back({command, [request] { return run(*request); }});
}

}  // namespace cvlab::cli
