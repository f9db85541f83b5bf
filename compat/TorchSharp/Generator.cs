using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the default generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        LibTorch.gan_manual_seed((ulong)seed);
        return Generator.Default;
    }

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private IntPtr _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            _handle = LibTorch.Check(LibTorch.gan_new_generator((int)this.device.type, this.device.index, seed));
        }

        private Generator(Device device, IntPtr handle)
        {
            this.device = device;
            _handle = handle;
        }

        ~Generator() => Dispose(false);

        /// <summary>The CPU's default generator.</summary>
        public static Generator Default => new(CPU, LibTorch.Check(LibTorch.gan_default_generator((int)DeviceType.CPU, -1)));

        public IntPtr Handle => _handle != IntPtr.Zero ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            LibTorch.Check(LibTorch.gan_generator_set_seed(Handle, (ulong)seed));
            return this;
        }

        public long initial_seed() => (long)LibTorch.gan_generator_initial_seed(Handle);

        public Tensor get_state() => new(LibTorch.Check(LibTorch.gan_generator_state(Handle)));

        public void set_state(Tensor value)
        {
            LibTorch.Check(LibTorch.gan_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var native = Interlocked.Exchange(ref _handle, IntPtr.Zero);
            if (native != IntPtr.Zero) LibTorch.gan_generator_release(native);
        }
    }
}
