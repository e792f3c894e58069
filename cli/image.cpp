// cvlab image OP [--PARAM V]... INPUT OUTPUT
#include "cli/command.hpp"
#include "cli/image_ops.hpp"
#include "cli/picture_file.hpp"

namespace cvlab::cli {

void add_image_commands(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* image = root.add_subcommand("image", "Do something to a picture");
  const std::string files =
      "INPUT: PNG, JPEG (16 bits are rounded to 8, transparency is dropped) or .npy, (H, W) or (H, W, C), 0..255. "
      "Colour "
      "channels are treated one by one.\nOUTPUT: .png is rounded to 8 bits and saturated; .npy is float32, 0..255, not "
      "clamped.";
  const std::string as_bytes =
      "\nBytes are worked on: values of a .npy are rounded; what is outside 0..255, or no number, is refused.";
  for (const ImageOp& op : image_ops()) {
    CLI::App* command = image->add_subcommand(op.name, op.help);
    command->footer(op.bytes ? files + as_bytes : files);
    const Work work = op.declare(*command);
    auto names = std::make_shared<std::pair<std::string, std::string>>();
    command->add_option("INPUT", names->first, "Picture to read")->required();
    command->add_option("OUTPUT", names->second, "Picture to write: .png or .npy")->required();
    commands.push_back({command, [names, work, bytes = op.bytes]() -> Result<void> {
                          if (Result<void> good = check_output_name(names->second); !good) return good;
                          const Result<Tensor> in = load_picture(names->first);
                          if (!in) return in.error();
                          if (Result<void> good = bytes ? check_bytes(in.value()) : Result<void>(); !good) return good;
                          const Result<Tensor> out = work(in.value());
                          if (!out) return out.error();
                          return save_picture(out.value(), names->second);
                        }});
  }
  add_components_command(*image, commands);
  add_geometry_commands(*image, commands);
  add_quality_commands(*image, commands);
  add_motion_commands(*image, commands);
}

}  // namespace cvlab::cli
