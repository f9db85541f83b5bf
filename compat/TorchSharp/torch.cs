using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>PyTorch's functions by their own names, on libtorch.</summary>
public static partial class torch
{
    /// <summary>The version of the libtorch in use.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(LibTorch.gan_version())!;

    /// <summary>A scope that disposes the tensors created in it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.NewScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Current;

    public static int get_num_threads() => LibTorch.gan_num_threads();

    public static void set_num_threads(int num) => LibTorch.Check(LibTorch.gan_set_num_threads(num));

    public static bool is_grad_enabled() => LibTorch.gan_grad_mode() != 0;

    /// <summary>No gradients are recorded on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = LibTorch.gan_grad_mode();

        internal GradMode(bool enabled) => LibTorch.gan_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => LibTorch.gan_set_grad_mode(_before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private IntPtr _scope = LibTorch.gan_inference_begin(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_scope != IntPtr.Zero) LibTorch.gan_inference_end(_scope);
            _scope = IntPtr.Zero;
        }
    }
}
