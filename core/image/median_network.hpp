// Networks of minima and maxima that bring the middle of 9 and of 25 values to its place.
#pragma once

namespace cvlab::median8_kernel {

struct Exchange {
  int low;
  int high;
};

// After each of the three (five) columns is sorted, value row * 3 + column (row * 5 + column). Found by removing from
// row sorts and a sort of the values that can still be in the middle all that never matters for any of the 4^3 (6^5)
// columns of zeros and ones, which suffice by the 0-1 principle; a test runs them all.
inline constexpr Exchange network9[] = {{0, 2}, {1, 2}, {3, 5}, {3, 4}, {4, 5}, {6, 8}, {6, 7}, {2, 4}, {4, 6}, {2, 4}};
inline constexpr int middle9 = 4;
inline constexpr Exchange network25[] = {
    {0, 3},   {1, 4},   {0, 2},   {1, 2},   {3, 4},   {2, 3},   {5, 8},   {5, 7},   {6, 8},   {5, 6},
    {7, 9},   {6, 7},   {8, 9},   {7, 8},   {10, 13}, {11, 14}, {10, 12}, {10, 11}, {12, 14}, {13, 14},
    {15, 18}, {16, 19}, {15, 17}, {16, 18}, {15, 16}, {17, 19}, {16, 17}, {17, 18}, {20, 23}, {21, 24},
    {20, 22}, {21, 23}, {20, 21}, {22, 24}, {21, 22}, {3, 4},   {9, 11},  {12, 13}, {17, 20}, {3, 7},
    {4, 8},   {9, 12},  {11, 13}, {4, 7},   {11, 12}, {16, 17}, {4, 11},  {7, 9},   {8, 11},  {8, 9},
    {11, 12}, {20, 21}, {4, 16},  {8, 20},  {9, 15},  {11, 16}, {12, 17}, {8, 11},  {12, 15}, {11, 12}};
inline constexpr int middle25 = 12;
inline constexpr Exchange sort3[] = {{0, 2}, {0, 1}, {1, 2}};
inline constexpr Exchange sort5[] = {{0, 3}, {1, 4}, {0, 2}, {1, 3}, {0, 1}, {2, 4}, {1, 2}, {3, 4}, {2, 3}};

}  // namespace cvlab::median8_kernel
