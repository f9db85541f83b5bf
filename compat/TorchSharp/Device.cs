using TorchSharp.Native;

namespace TorchSharp;

public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA => new(DeviceType.CUDA);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device get_default_device() => CPU;

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"There is no usable device of type {deviceType} here.");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        DeviceType.CUDA => cuda.is_available(),
        _ => false,
    };

    /// <summary>Where a tensor lies: a type of device and, of several of that type, which.</summary>
    public class Device
    {
        public Device(string description)
        {
            int colon = description.IndexOf(':', StringComparison.Ordinal);
            int index = -1;
            if (colon >= 0 && !int.TryParse(description.AsSpan(colon + 1), out index))
                throw new ArgumentException($"'{description}' is no device: after the colon stands an index, as in 'cuda:0'.", nameof(description));
            (type, this.index) = Normalize(Parse(colon < 0 ? description : description[..colon]), index);
        }

        public Device(string deviceType, int index = -1) => (type, this.index) = Normalize(Parse(deviceType), index);

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = Normalize(deviceType, index);

        public DeviceType type { get; }

        public int index { get; }

        public override string ToString() =>
            type.ToString().ToLowerInvariant() + (index < 0 ? "" : ":" + index.ToString(System.Globalization.CultureInfo.InvariantCulture));

        internal bool IsSameAs(Device other) => type == other.type && index == other.index;

        private static (DeviceType, int) Normalize(DeviceType type, int index) =>
            (type, type is DeviceType.CPU or DeviceType.META ? -1 : Math.Max(index, 0));

        private static DeviceType Parse(string name) => Enum.TryParse(name, ignoreCase: true, out DeviceType type)
            ? type
            : throw new ArgumentException($"'{name}' is no device type; such are 'cpu' and 'cuda'.", nameof(name));
    }

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => LibTorch.gan_cuda_device_count();

        public static bool is_cudnn_available() => LibTorch.gan_cudnn_is_available() != 0;

        public static void synchronize(Device? device = null) => LibTorch.Check(LibTorch.gan_cuda_synchronize(device?.index ?? -1));
    }

    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                public static bool allow_tf32
                {
                    get => LibTorch.gan_allow_tf32(0) != 0;
                    set => LibTorch.Check(LibTorch.gan_set_allow_tf32(0, value ? 1 : 0));
                }
            }
        }

        public static partial class cudnn
        {
            public static bool allow_tf32
            {
                get => LibTorch.gan_allow_tf32(1) != 0;
                set => LibTorch.Check(LibTorch.gan_set_allow_tf32(1, value ? 1 : 0));
            }
        }
    }
}
