// bench_dnnl [threads]: the convolutions by oneDNN, in the layout it likes best (format "any": blocked channels), which
// leaves out the conversion from and to NCHW. ONEDNN_MAX_CPU_ISA=AVX2 keeps it to AVX2.
#include <omp.h>

#include <cstdlib>
#include <dnnl.hpp>

#include "bench/cases.hpp"

using namespace dnnl;

namespace {

memory filled(const memory::desc& desc, const engine& processor) {
  memory m(desc, processor);
  bench::fill(static_cast<float*>(m.get_data_handle()), desc.get_size() / sizeof(float));
  return m;
}

void convolution(const bench::Convolution& c, int threads, const engine& processor, stream& queue) {
  using tag = memory::format_tag;
  constexpr auto f32 = memory::data_type::f32;
  const memory::dims step = {1, 1}, around = {c.padding, c.padding};
  const memory::desc src({c.samples, c.channels, c.size, c.size}, f32, tag::any);
  const memory::desc weights({c.outputs, c.channels, c.kernel, c.kernel}, f32, tag::any);
  const memory::desc dst({c.samples, c.outputs, c.out_size(), c.out_size()}, f32, tag::any);
  const memory::desc bias({c.outputs}, f32, tag::x);
  const auto direct = algorithm::convolution_direct;
  const convolution_forward::primitive_desc forward(
      {prop_kind::forward_training, direct, src, weights, bias, dst, step, around, around}, processor);
  const convolution_backward_data::primitive_desc data({direct, src, weights, dst, step, around, around}, processor,
                                                       forward);
  const convolution_backward_weights::primitive_desc gradient({direct, src, weights, bias, dst, step, around, around},
                                                              processor, forward);
  const auto timed = [&](const char* what, const primitive& work, const std::unordered_map<int, memory>& arguments) {
    bench::report(
        "oneDNN", std::string(c.name) + what, threads,
        [&] {
          work.execute(queue, arguments);
          queue.wait();
        },
        c.flop());
  };
  timed(bench::backward_data, convolution_backward_data(data),
        {{DNNL_ARG_DIFF_SRC, filled(data.diff_src_desc(), processor)},
         {DNNL_ARG_WEIGHTS, filled(data.weights_desc(), processor)},
         {DNNL_ARG_DIFF_DST, filled(data.diff_dst_desc(), processor)}});
  timed(bench::backward_weights, convolution_backward_weights(gradient),
        {{DNNL_ARG_SRC, filled(gradient.src_desc(), processor)},
         {DNNL_ARG_DIFF_WEIGHTS, filled(gradient.diff_weights_desc(), processor)},
         {DNNL_ARG_DIFF_BIAS, filled(gradient.diff_bias_desc(), processor)},
         {DNNL_ARG_DIFF_DST, filled(gradient.diff_dst_desc(), processor)}});
  timed(bench::forward, convolution_forward(forward),
        {{DNNL_ARG_SRC, filled(forward.src_desc(), processor)},
         {DNNL_ARG_WEIGHTS, filled(forward.weights_desc(), processor)},
         {DNNL_ARG_BIAS, filled(forward.bias_desc(), processor)},
         {DNNL_ARG_DST, filled(forward.dst_desc(), processor)}});
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  omp_set_num_threads(threads);
  const engine processor(engine::kind::cpu, 0);
  stream queue(processor);
  for (const bench::Convolution& c : bench::convolutions) convolution(c, threads, processor, queue);
}
