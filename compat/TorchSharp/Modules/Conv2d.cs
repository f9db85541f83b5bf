using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], null,
                    [dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Pair(kernel_size), Pair(stride ?? (1, 1)), Pair(padding ?? (0, 0)), null,
                    Pair(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], null, padding,
                    [dilation, dilation], padding_mode, groups, bias, device, dtype);

            private static long[] Pair((long, long) sizes) => [sizes.Item1, sizes.Item2];
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
            long[] dilation, PaddingModes padding_mode, long groups, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false,
                [0, 0], groups, bias, padding_mode, device, dtype)
        {
            if (padding_type is Padding.Same && (stride[0] != 1 || stride[1] != 1))
                throw new ArgumentException($"Padding 'same' takes a stride of 1, not [{stride[0]}, {stride[1]}].");
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            var (top, bottom) = Margins(0);
            var (left, right) = Margins(1);
            if (padding_mode is PaddingModes.Zeros && top == bottom && left == right)
                return torch.nn.functional.conv2d(input, weight, bias, stride, [top, left], dilation, groups);
            var mode = padding_mode is PaddingModes.Zeros ? PaddingModes.Constant : padding_mode;
            using var padded = torch.nn.functional.pad(input, [left, right, top, bottom], mode);
            return torch.nn.functional.conv2d(padded, weight, bias, stride, [0, 0], dilation, groups);
        }

        // 'same' puts the odd one of an odd number at the end.
        private (long Before, long After) Margins(int dimension)
        {
            if (padding is not null) return (padding[dimension], padding[dimension]);
            if (padding_type is Padding.Valid) return (0, 0);
            var total = dilation[dimension] * (kernel_size[dimension] - 1);
            return (total / 2, total - total / 2);
        }
    }
}
