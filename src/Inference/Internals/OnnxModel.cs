using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>A session with the name of its file, so that every error can name the model.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private bool _disposed;

    private OnnxModel(string path, InferenceSession session, string device, int batchSize)
    {
        Path = path;
        _session = session;
        Device = device;
        BatchSize = batchSize;
        Metadata = session.ModelMetadata.CustomMetadataMap;
        Inputs = session.InputMetadata;
        Outputs = session.OutputMetadata;
    }

    public string Path { get; }

    public string Device { get; }

    public int BatchSize { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs { get; }

    public IReadOnlyDictionary<string, NodeMetadata> Outputs { get; }

    public static OnnxModel Load(string path, ModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = (options ?? new ModelOptions()).Checked();
        return Load(ModelFile.Find(path), options, settings => new InferenceSession(path, settings));
    }

    public static OnnxModel Load(byte[] bytes, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        options = (options ?? new ModelOptions()).Checked();
        return Load(ModelFile.InMemory(bytes), options, settings => new InferenceSession(bytes, settings));
    }

    private static OnnxModel Load(ModelFile file, ModelOptions options, Func<SessionOptions, InferenceSession> start)
    {
        file.Check();
        if (options.GpuDeviceId is { } gpu)
        {
            try
            {
                return Open(file.Name, options, gpu, start);
            }
            // Without the GPU package, an entry point or a library is missing. Otherwise the runtime says what is.
            catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                if (!options.FallbackToCpu)
                    throw new ModelException(
                        $"'{file.Name}' cannot run on GPU {gpu}: {OneLine(e.Message)} The application needs ONNX Runtime's GPU build and " +
                            "CUDA; " +
                        "FallbackToCpu = true runs on the CPU instead.", e);
            }
        }
        try
        {
            return Open(file.Name, options, gpu: null, start);
        }
        catch (OnnxRuntimeException e)
        {
            throw file.Explain(e);
        }
    }

    /// <summary>The error of a model with other inputs or outputs than needed.</summary>
    public ModelException Refuse(string need)
    {
        string inputs = TensorForm.Describe(Inputs), outputs = TensorForm.Describe(Outputs);
        return new ModelException($"'{Path}' {need} It has the inputs {inputs} and the outputs {outputs}.");
    }

    /// <summary>Runs images [count, ...] in batches, straight from and into the caller's memory.</summary>
    public void Run<TOut>(TensorForm input, ReadOnlySpan<float> from, TensorForm output, Span<TOut> to, int count,
        CancellationToken cancellationToken)
        where TOut : unmanaged =>
        Run(input, from, second: null, [], output, to, count, cancellationToken);

    /// <summary>The same with a second input, where there is one.</summary>
    public unsafe void Run<TOut>(
        TensorForm input, ReadOnlySpan<float> from, TensorForm? second, ReadOnlySpan<float> fromSecond, TensorForm output, Span<TOut> to,
            int count,
        CancellationToken cancellationToken)
        where TOut : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        string[] inputNames = second is null ? [input.Name] : [input.Name, second.Name], outputNames = [output.Name];
        fixed (float* source = from, sourceSecond = fromSecond)
        fixed (TOut* target = to)
        {
            for (var done = 0; done < count;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var n = Math.Min(BatchSize, count - done);
                long sourceOffset = (long)done * input.RowSize, targetOffset = (long)done * output.RowSize;
                using OrtValue sourceValue = Tensor(input, source + sourceOffset, n),
                    targetValue = Tensor(output, target + targetOffset, n);
                using var secondValue = second is null ? null : Tensor(second, sourceSecond + (long)done * second.RowSize, n);
                try
                {
                    _session.Run(_runOptions, inputNames, secondValue is null ? [sourceValue]
                        : [sourceValue, secondValue], outputNames, [targetValue]);
                }
                catch (OnnxRuntimeException e)
                {
                    throw new ModelException($"'{Path}' failed on a batch of {n}: {OneLine(e.Message)}", e);
                }
                done += n;
            }
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _runOptions.Dispose();
        _session.Dispose();
    }

    public static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static OnnxModel Open(string name, ModelOptions options, int? gpu, Func<SessionOptions, InferenceSession> start)
    {
        using var sessionOptions = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            // Errors come as exceptions, so the runtime does not have to print them as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (gpu is { } device) sessionOptions.AppendExecutionProvider_CUDA(device);
        Configure(name, options, sessionOptions);
        return new OnnxModel(name, start(sessionOptions), gpu is null ? "cpu" : $"cuda:{gpu}", options.BatchSize);
    }

    private static void Configure(string name, ModelOptions options, SessionOptions sessionOptions)
    {
        try
        {
            options.ConfigureSession?.Invoke(sessionOptions);
        }
        // What ONNX Runtime says of a provider that it was not built with, or of an entry that it does not know.
        catch (Exception e) when (e is OnnxRuntimeException or NotSupportedException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new ModelException(
                $"'{name}' cannot run as {nameof(ModelOptions)}.{nameof(ModelOptions.ConfigureSession)} says: {OneLine(e.Message)} An " +
                    "execution " +
                "provider needs the ONNX Runtime package that contains it.", e);
        }
    }

    private static unsafe OrtValue Tensor<T>(TensorForm form, T* start, int count) where T : unmanaged =>
        OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, form.Type, form.Shape(count), (nint)start, (long)count * form.RowSize * Unsafe.SizeOf<T>());
}
