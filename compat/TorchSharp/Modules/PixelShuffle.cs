using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static PixelShuffle PixelShuffle(long upscale_factor) => new(upscale_factor);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Channels become pixels: [N, C r², H, W] to [N, C, H r, W r].</summary>
    public sealed class PixelShuffle : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal PixelShuffle(long upscale_factor) : base(nameof(PixelShuffle)) => this.upscale_factor = upscale_factor;

        public long upscale_factor { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => Aten.pixel_shuffle.Call(input, upscale_factor);
    }
}
