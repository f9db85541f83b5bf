using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1,
                long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding],
                    [output_padding, output_padding], [dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernel_size,
                (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null, (long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, Pair(kernel_size), Pair(stride ?? (1, 1)), Pair(padding ?? (0, 0)),
                    Pair(output_padding ?? (0, 0)), Pair(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    public abstract class ConvolutionTranspose : Convolution
    {
        protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding,
            Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias,
            PaddingModes padding_mode, torch.Device? device = null, torch.ScalarType? dtype = null)
            : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed,
                output_padding, groups, bias, padding_mode, device, dtype)
        {
            if (padding_mode is not PaddingModes.Zeros)
                throw new ArgumentException($"A transposed convolution is padded with zeros only, not by {padding_mode}.");
        }

        /// <param name="input">[N, in_channels, ...].</param>
        /// <param name="output_size">The last dimensions of the result, where the stride allows several; null for the smallest.</param>
        public abstract torch.Tensor forward(torch.Tensor input, long[]? output_size);

        public override torch.Tensor forward(torch.Tensor input) => forward(input, null);
    }

    public sealed class ConvTranspose2d : ConvolutionTranspose
    {
        internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding,
            long[] dilation, PaddingModes padding_mode, long groups, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, null, dilation, true,
                output_padding, groups, bias, padding_mode, device, dtype)
        {
        }

        public override torch.Tensor forward(torch.Tensor input, long[]? output_size) =>
            torch.nn.functional.conv_transpose2d(input, weight, bias, stride, padding,
                output_size is null ? output_padding : OutputPadding(input, output_size), dilation, groups);

        private long[] OutputPadding(torch.Tensor input, long[] output_size)
        {
            var result = new long[2];
            for (var i = 0; i < 2; i++)
            {
                var smallest = (input.shape[^(2 - i)] - 1) * stride[i] - 2 * padding![i] + dilation[i] * (kernel_size[i] - 1) + 1;
                result[i] = output_size[^(2 - i)] - smallest;
                if (result[i] < 0 || result[i] >= stride[i])
                    throw new ArgumentException($"The output size {output_size[^(2 - i)]} is not among {smallest} to {smallest + stride[i] - 1}.", nameof(output_size));
            }
            return result;
        }
    }
}
