// bench_kernels [threads] [sse2|avx2|avx512]: our matrix products and convolutions, and how fast the processor
// multiplies and adds when it does nothing else.
#include <cstdlib>
#include <cstring>
#include <utility>

#include "bench/cases.hpp"
#include "core/ops/conv2d.hpp"
#include "core/ops/gemm.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"

using namespace cvlab;

namespace {

Tensor filled(const Shape& shape) {
  Tensor tensor(shape);
  bench::fill(tensor.data(), static_cast<std::size_t>(tensor.count()));
  return tensor;
}

#if defined(__x86_64__)
// Twelve sums in registers, in assembler so that no compiler can shorten it; `lanes` products and sums each.
constexpr long peak_rounds = 200'000;
#define CVLAB_SUMS(set)                                                                                         \
  asm volatile(                                                                                                 \
      ".p2align 5\n1:\n"                                                                                        \
      "vfmadd231ps %%" set "14,%%" set "15,%%" set "0\n vfmadd231ps %%" set "14,%%" set "15,%%" set             \
      "1\n"                                                                                                     \
      "vfmadd231ps %%" set "14,%%" set "15,%%" set "2\n vfmadd231ps %%" set "14,%%" set "15,%%" set             \
      "3\n"                                                                                                     \
      "vfmadd231ps %%" set "14,%%" set "15,%%" set "4\n vfmadd231ps %%" set "14,%%" set "15,%%" set             \
      "5\n"                                                                                                     \
      "vfmadd231ps %%" set "14,%%" set "15,%%" set "6\n vfmadd231ps %%" set "14,%%" set "15,%%" set             \
      "7\n"                                                                                                     \
      "vfmadd231ps %%" set "14,%%" set "15,%%" set "8\n vfmadd231ps %%" set "14,%%" set "15,%%" set             \
      "9\n"                                                                                                     \
      "vfmadd231ps %%" set "14,%%" set "15,%%" set "10\n vfmadd231ps %%" set "14,%%" set "15,%%" set            \
      "11\n"                                                                                                    \
      "dec %0\n jnz 1b\n"                                                                                       \
      : "+r"(rounds)                                                                                            \
      :                                                                                                         \
      : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", \
        "xmm14", "xmm15")

void zero_registers() {
  asm volatile(
      "vxorps %%xmm0,%%xmm0,%%xmm0\n vxorps %%xmm1,%%xmm1,%%xmm1\n vxorps %%xmm2,%%xmm2,%%xmm2\n"
      "vxorps %%xmm3,%%xmm3,%%xmm3\n vxorps %%xmm4,%%xmm4,%%xmm4\n vxorps %%xmm5,%%xmm5,%%xmm5\n"
      "vxorps %%xmm6,%%xmm6,%%xmm6\n vxorps %%xmm7,%%xmm7,%%xmm7\n vxorps %%xmm8,%%xmm8,%%xmm8\n"
      "vxorps %%xmm9,%%xmm9,%%xmm9\n vxorps %%xmm10,%%xmm10,%%xmm10\n vxorps %%xmm11,%%xmm11,%%xmm11\n"
      "vxorps %%xmm14,%%xmm14,%%xmm14\n vxorps %%xmm15,%%xmm15,%%xmm15\n"
      :
      :
      : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm14",
        "xmm15");
}

void peak(int threads) {
  const bool wide = simd::instruction_set() == simd::InstructionSet::avx512;
  if (simd::instruction_set() < simd::InstructionSet::avx2) return;
  const auto work = [&] {
    parallel_for(0, threads, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      for (std::ptrdiff_t i = first; i < last; ++i) {
        long rounds = peak_rounds;
        zero_registers();
        if (wide)
          CVLAB_SUMS("zmm");
        else
          CVLAB_SUMS("ymm");
      }
    });
  };
  bench::report("registers", "fma peak", threads, work,
                static_cast<double>(threads) * static_cast<double>(peak_rounds) * 12 * 2 * (wide ? 16 : 8));
}
#else
void peak(int) {}
#endif

void products(const std::string& library, int threads) {
  for (int n : bench::product_sizes) {
    const Tensor a = filled({n, n}), b = filled({n, n});
    Tensor c({n, n});
    bench::report(
        library, bench::product_name(n), threads,
        [&] { gemm(false, false, n, n, n, a.data(), n, b.data(), n, c.data(), n, false); }, bench::product_flop(n));
  }
}

void convolutions(const std::string& library, int threads) {
  for (const bench::Convolution& c : bench::convolutions) {
    const Conv2dParams params = {.padding = Padding::zero, .padding_y = c.padding, .padding_x = c.padding};
    const Tensor in = filled({c.samples, c.channels, c.size, c.size});
    const Tensor weight = filled({c.outputs, c.channels, c.kernel, c.kernel}), bias = filled({c.outputs});
    Tensor out = filled({c.samples, c.outputs, c.out_size(), c.out_size()});
    Tensor din(in.shape()), dweight(weight.shape()), dbias(bias.shape());
    bench::report(
        library, std::string(c.name) + bench::backward_data, threads,
        [&] {
          conv2d_backward(params, in.view(), weight.view(), std::as_const(out).view(), din.view(), {}, {}, false);
        },
        c.flop());
    bench::report(
        library, std::string(c.name) + bench::backward_weights, threads,
        [&] {
          conv2d_backward(params, in.view(), weight.view(), std::as_const(out).view(), {}, dweight.view(),
                          dbias.view());
        },
        c.flop());
    bench::report(
        library, std::string(c.name) + bench::forward, threads,
        [&] { conv2d_forward(params, in.view(), weight.view(), bias.view(), out.view()); }, c.flop());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512})
    if (argc > 2 && std::strcmp(argv[2], simd::name(set)) == 0) simd::limit(set);
  set_thread_count(threads);
  peak(threads);
  products("cvlab", threads);
  convolutions("cvlab", threads);
}
