using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ConstantPad2d ConstantPad2d((long, long, long, long) padding, double value) => new(value, Sides(padding));

            public static ReflectionPad2d ReflectionPad2d((long, long, long, long) padding) => new(Sides(padding));

            public static ReplicationPad2d ReplicationPad2d((long, long, long, long) padding) => new(Sides(padding));

            private static long[] Sides((long Left, long Right, long Top, long Bottom) padding) =>
                [padding.Left, padding.Right, padding.Top, padding.Bottom];
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class ConstantPad2d : PadBase
    {
        internal ConstantPad2d(double value, params long[] padding) : base(nameof(ConstantPad2d), PaddingModes.Constant, value, padding)
        {
        }
    }

    public sealed class ReflectionPad2d : PadBase
    {
        internal ReflectionPad2d(params long[] padding) : base(nameof(ReflectionPad2d), PaddingModes.Reflect, 0, padding)
        {
        }
    }

    public sealed class ReplicationPad2d : PadBase
    {
        internal ReplicationPad2d(params long[] padding) : base(nameof(ReplicationPad2d), PaddingModes.Replicate, 0, padding)
        {
        }
    }
}
