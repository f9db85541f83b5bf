using System.Diagnostics.CodeAnalysis;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. It owns one reference to the native tensor, given back by <see cref="Dispose()"/>, by the dispose
    /// scope that it was created in, or by its finalizer.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        internal IntPtr handle;

        /// <summary>Takes over one reference to the native tensor.</summary>
        internal Tensor(IntPtr handle)
        {
            this.handle = handle;
            OwningDisposeScope = DisposeScopeManager.OfThread.Register(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public IntPtr Handle =>
            handle != IntPtr.Zero ? handle : throw new InvalidOperationException("This tensor has been disposed.");

        public bool IsInvalid => handle == IntPtr.Zero;

        public void Dispose()
        {
            CountDisposal();
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        private void CountDisposal()
        {
            if (OwningDisposeScope is { } scope) scope.MarkAsDisposed(this);
            else if (!IsInvalid) DisposeScopeManager.OfThread.CountDisposedOutsideScope();
        }

        protected virtual void Dispose(bool disposing)
        {
            var native = Interlocked.Exchange(ref handle, IntPtr.Zero);
            if (native == IntPtr.Zero) return;
            LibTorch.gan_tensor_release(native);
        }

        /// <summary>Gives up the native tensor, whose reference then is the caller's.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            CountDisposal();
            var native = Interlocked.Exchange(ref handle, IntPtr.Zero);
            if (native == IntPtr.Zero) return native;
            GC.SuppressFinalize(this);
            return native;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Another handle to the same native tensor.</summary>
        public Tensor alias()
        {
            LibTorch.gan_tensor_retain(Handle);
            return new Tensor(handle);
        }

        public long ndim => LibTorch.gan_tensor_dim(Handle);

        public long NumberOfElements => LibTorch.gan_tensor_numel(Handle);

        public long numel() => NumberOfElements;

        public long ElementSize => LibTorch.gan_tensor_element_size(Handle);

        public ScalarType dtype => (ScalarType)LibTorch.gan_tensor_dtype(Handle);

        public DeviceType device_type => (DeviceType)LibTorch.gan_tensor_device_type(Handle);

        public int device_index => LibTorch.gan_tensor_device_index(Handle);

        public Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* p = sizes) LibTorch.gan_tensor_sizes(handle, p);
                return sizes;
            }
        }

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* p = strides) LibTorch.gan_tensor_strides(handle, p);
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + (int)ndim : dim];

        public bool is_contiguous() => LibTorch.gan_tensor_is_contiguous(Handle) != 0;

        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        public override string ToString() =>
            IsInvalid ? "[invalid tensor]" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and elements.</summary>
        public bool Equals(Tensor target) => target is not null && Aten.equal.CallBool(this, target);

        public override int GetHashCode() => base.GetHashCode();
    }
}
