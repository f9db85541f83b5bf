#nullable disable // as the real package's signatures here

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null,
                bool ceil_mode = false) =>
                max_pool2d(input, Square(kernel_size), Square(stride), Square(padding), Square(dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[] strides = null, long[] padding = null,
                long[] dilation = null, bool ceil_mode = false) =>
                Aten.max_pool2d.Call(input, kernel_size, strides ?? kernel_size, padding ?? Zeros, dilation ?? Ones, ceil_mode);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Square(kernel_size), Square(stride), Square(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[] stride = null, long[] padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Aten.avg_pool2d.Call(input, kernel_size, stride ?? kernel_size, padding ?? Zeros, ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Square(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Aten.adaptive_avg_pool2d.Call(input, output_size);

            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size)
            {
                var (output, indices) = Aten.adaptive_max_pool2d.Call2(input, output_size);
                indices.Dispose();
                return output;
            }

            private static long[] Square(long? side) => side is long n ? [n, n] : null;
        }
    }
}
