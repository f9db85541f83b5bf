using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// Turns TensorFloat-32 off, which CUDA convolutions use by default: it keeps ten bits of a number and differs by more than the tolerance.
/// The setting is the process's, and exports may run side by side: the first turns it off, and the last puts back what it found.
/// </summary>
internal sealed class FullPrecision : IDisposable
{
    // Torch keeps the setting in two places. Threads that change it together leave them in disagreement, and then each read throws.
    private static readonly Lock _lock = new();
    private static (bool Matmul, bool Convolution) _before;
    private static int _users;

    private bool _isDisposed;

    private FullPrecision()
    {
    }

    /// <summary>Until what is returned is disposed.</summary>
    public static FullPrecision Take()
    {
        lock (_lock)
        {
            if (_users == 0)
            {
                _before = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
                Set((false, false));
            }
            _users++;
        }
        return new FullPrecision();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            if (--_users == 0) Set(_before);
        }
    }

    private static void Set((bool Matmul, bool Convolution) allowed) =>
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = allowed;
}
