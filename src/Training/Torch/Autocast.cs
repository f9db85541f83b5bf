using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// libtorch's autocast: while it is on, convolutions and matrix products of this thread take their operands as 16-bit numbers. TorchSharp
/// has no call for it, but libtorch exports the three functions that PyTorch's <c>torch.autocast</c> consists of.
/// </summary>
internal static unsafe class Autocast
{
    // at::autocast::set_autocast_enabled(c10::DeviceType, bool), set_autocast_dtype(c10::DeviceType, at::ScalarType), clear_cache(), as
    // GCC and Clang name them.
    private const string SetEnabled = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb";
    private const string SetType = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE";
    private const string ClearCache = "_ZN2at8autocast11clear_cacheEv";

    private static readonly Lazy<Functions?> _functions = new(Find);

    /// <summary>Whether the libtorch in use exports the functions.</summary>
    public static bool IsAvailable => _functions.Value is not null;

    /// <summary>Turns autocast on for this thread, until the result is disposed on it. Backward passes belong outside.</summary>
    /// <param name="device">The tensors' device.</param>
    /// <param name="type">float16 or bfloat16.</param>
    /// <exception cref="InvalidOperationException"><see cref="IsAvailable"/> is false.</exception>
    public static IDisposable On(Device device, ScalarType type)
    {
        var functions = _functions.Value ?? throw new InvalidOperationException("This libtorch has no autocast.");
        var deviceType = (sbyte)device.type;
        functions.SetType(deviceType, (sbyte)type);
        functions.SetEnabled(deviceType, 1);
        return new Scope(functions, deviceType);
    }

    private static Functions? Find()
    {
        TorchLibrary.Require();
        return NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, SetEnabled, out var setEnabled)
            && NativeLibrary.TryGetExport(library, SetType, out var setType)
            && NativeLibrary.TryGetExport(library, ClearCache, out var clearCache) ? new(setEnabled, setType, clearCache) : null;
    }

    private sealed class Functions(nint setEnabled, nint setType, nint clearCache)
    {
        public void SetEnabled(sbyte device, byte on) => ((delegate* unmanaged<sbyte, byte, void>)setEnabled)(device, on);

        public void SetType(sbyte device, sbyte type) => ((delegate* unmanaged<sbyte, sbyte, void>)setType)(device, type);

        /// <summary>Forgets the 16-bit copies of the weights, which the next update makes stale.</summary>
        public void ClearCache() => ((delegate* unmanaged<void>)clearCache)();
    }

    private sealed class Scope(Functions functions, sbyte device) : IDisposable
    {
        public void Dispose()
        {
            functions.SetEnabled(device, 0);
            functions.ClearCache();
        }
    }
}
