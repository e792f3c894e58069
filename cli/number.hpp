// What a number on the command line may be.
#pragma once

#include <CLI/CLI.hpp>

namespace cvlab::cli {

// A number from low to high. (CLI::Range compares with < and >, which lets NaN pass.)
CLI::Validator number(double low, double high);

}  // namespace cvlab::cli
