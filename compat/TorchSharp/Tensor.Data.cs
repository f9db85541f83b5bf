using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The elements, of exactly the tensor's type, of a tensor on the CPU.</summary>
        public Utils.TensorAccessor<T> data<T>() where T : struct
        {
            if (dtype != TypeOf(typeof(T)))
                throw new ArgumentException($"The elements of a {dtype} tensor cannot be read as {typeof(T)}.");
            if (device_type != DeviceType.CPU)
                throw NotOnCpu();
            return new Utils.TensorAccessor<T>(this);
        }

        /// <summary>The memory of a contiguous tensor on the CPU.</summary>
        public Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new NotImplementedException("The bytes of a tensor with gaps or in another order cannot be read in place; call contiguous() first.");
                if (device_type != DeviceType.CPU)
                    throw NotOnCpu();
                return new Span<byte>(Data, checked((int)(NumberOfElements * ElementSize)));
            }
            set
            {
                var to = bytes;
                if (value.Length != to.Length)
                    throw new ArgumentException($"The tensor holds {to.Length} bytes, not {value.Length}.", nameof(value));
                value.CopyTo(to);
            }
        }

        private InvalidOperationException NotOnCpu() =>
            new($"The elements of a tensor on {device} cannot be read in place; call cpu() first.");

        internal void* Data
        {
            get
            {
                void* data = LibTorch.gan_tensor_data(Handle);
                return data is not null || NumberOfElements == 0 ? data : throw LibTorch.Error();
            }
        }

        /// <summary>The value of a tensor of one element, which must be of the tensor's type.</summary>
        public T item<T>() where T : struct
        {
            if (NumberOfElements != 1) throw new ArgumentException($"A tensor of {NumberOfElements} elements has no single value.");
            using var here = is_cpu() ? alias() : cpu();
            return here.data<T>()[new long[here.ndim]];
        }

        public Scalar ToScalar() => Aten.item.CallScalar(this);

        public Tensor cpu() => to(CPU);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            // The operator gives the same tensor back where nothing changes.
            var result = Aten.to_device.Call(this, device, type, non_blocking, copy);
            if (!disposeAfter) return result;
            Dispose();
            return result;
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);
    }
}

public static class TensorExtensionMethods
{
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();
}
