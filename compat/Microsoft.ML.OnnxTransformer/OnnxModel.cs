using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>A model in ONNX Runtime, with the inputs and outputs in use.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly ReaderWriterLockSlim running = new();
    private bool isDisposed;

    private OnnxModel(byte[] bytes, InferenceSession session, OnnxOptions options)
    {
        var shapes = options.ShapeDictionary?.ToDictionary() ?? [];
        Bytes = bytes;
        this.session = session;
        Inputs = Nodes("input", session.InputMetadata, options.InputColumns, shapes);
        Outputs = Nodes("output", session.OutputMetadata, options.OutputColumns, shapes);
    }

    /// <summary>The model's file.</summary>
    internal byte[] Bytes { get; }

    internal OnnxNode[] Inputs { get; }

    internal OnnxNode[] Outputs { get; }

    /// <summary>Evaluates the model; several threads may do so at once.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    internal IDisposableReadOnlyCollection<OrtValue> Run(RunOptions options, string[] inputNames, OrtValue[] inputs, string[] outputNames)
    {
        running.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, typeof(OnnxTransformer));
            return session.Run(options, inputNames, inputs, outputNames);
        }
        finally
        {
            running.ExitReadLock();
        }
    }

    /// <summary>Waits for evaluations that are under way.</summary>
    public void Dispose()
    {
        running.EnterWriteLock();
        if (!isDisposed) session.Dispose();
        isDisposed = true;
        running.ExitWriteLock();
    }

    /// <exception cref="InvalidOperationException">It is no ONNX model, or cannot run on the GPU asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It has no input or output of a name.</exception>
    internal static OnnxModel Open(byte[] bytes, OnnxOptions options)
    {
        var session = Start(bytes, options);
        try
        {
            return new(bytes, session, options);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static InferenceSession Start(byte[] bytes, OnnxOptions options)
    {
        if (options.GpuDeviceId is { } gpu)
        {
            try
            {
                return Start(bytes, options, gpu);
            }
            // Without the GPU build the entry point or a library of it is missing; otherwise the runtime itself says what is.
            catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                if (!options.FallbackToCpu)
                {
                    throw new InvalidOperationException(
                        $"The ONNX model cannot run on GPU {gpu}: {e.Message}. Set fallbackToCpu to run it on the processor then", e);
                }
            }
        }
        try
        {
            return Start(bytes, options, null);
        }
        catch (OnnxRuntimeException e)
        {
            var what = options.ModelFile ?? "The given bytes";
            throw new InvalidOperationException($"{what}: ONNX Runtime cannot load the model: {e.Message}", e);
        }
    }

    private static InferenceSession Start(byte[] bytes, OnnxOptions options, int? gpu)
    {
        // Errors come as exceptions; the runtime need not print them as well.
        using var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        if (options.InterOpNumThreads is { } inter) settings.InterOpNumThreads = inter;
        if (options.IntraOpNumThreads is { } intra) settings.IntraOpNumThreads = intra;
        if (gpu is { } device) settings.AppendExecutionProvider_CUDA(device);
        return new InferenceSession(bytes, settings);
    }

    private static OnnxNode[] Nodes(string role, IReadOnlyDictionary<string, NodeMetadata> all, string[] names,
        Dictionary<string, int[]> shapes) =>
    [
        .. (names ?? [.. all.Keys]).Select(name => all.TryGetValue(name, out var metadata)
            ? OnnxNode.Of(name, metadata, shapes)
            : throw new ArgumentOutOfRangeException($"{role}ColumnNames", name,
                $"The ONNX model has no {role} '{name}'; it has {string.Join(", ", all.Keys)}")),
    ];
}
