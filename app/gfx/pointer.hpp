// How a view reads zoom and pan from ImGui's input, the same for wheel, track pad and fingers
// (app/platform/gesture.hpp):
//   zoom  zoom_factor(io) at io.MousePos, whenever io.MouseWheel is not 0; a pinch arrives as fine wheel steps
//   pan   drag with the middle button; two moving fingers arrive as that
//   hover io.MousePos with no button down; a long press arrives as that
#pragma once

#include <imgui.h>

#include <cmath>

namespace cvlab::app {

inline constexpr float zoom_per_notch = 1.2F;  // one notch of a mouse wheel

inline float zoom_factor(const ImGuiIO& io) { return std::pow(zoom_per_notch, io.MouseWheel); }
inline float wheel_of_zoom(float factor) { return std::log(factor) / std::log(zoom_per_notch); }

}  // namespace cvlab::app
