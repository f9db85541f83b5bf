using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ZeroPad2d ZeroPad2d(long padding) => new(padding, padding, padding, padding);

            /// <param name="padding">Left, right, top, bottom.</param>
            public static ZeroPad2d ZeroPad2d((long, long, long, long) padding) =>
                new(padding.Item1, padding.Item2, padding.Item3, padding.Item4);
        }
    }
}

namespace TorchSharp.Modules
{
    public abstract class PadBase : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        private readonly PaddingModes _mode;

        protected PadBase(string name, PaddingModes mode, double value, params long[] padding) : base(name)
        {
            _mode = mode;
            this.value = value;
            this.padding = padding;
        }

        /// <summary>Before and after, from the last dimension backwards: left, right, top, bottom.</summary>
        public long[] padding { get; set; }

        public double value { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.pad(input, padding, _mode, value);
    }

    public sealed class ZeroPad2d : PadBase
    {
        internal ZeroPad2d(params long[] padding) : base(nameof(ZeroPad2d), PaddingModes.Constant, 0, padding)
        {
        }
    }
}
