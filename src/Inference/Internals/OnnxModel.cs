using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>Gives a foreign model the form that is read here: changes the graph, told what ONNX Runtime says of its ends.</summary>
internal delegate void Adaptation(
    GraphEditor graph, IReadOnlyDictionary<string, NodeMetadata> inputs, IReadOnlyDictionary<string, NodeMetadata> outputs);

/// <summary>A session with the name of its file, so that every error can name the model.</summary>
internal sealed partial class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private bool _disposed;

    static OnnxModel() => OnnxRuntimeTelemetry.TurnOff();

    private OnnxModel(ModelContent content, InferenceSession session, int? gpu, ModelOptions options)
    {
        Content = content;
        _session = session;
        Device = gpu is null ? "cpu" : $"cuda:{gpu}";
        BatchSize = (int)Math.Clamp(options.MemoryLimit / Math.Max(1, content.Peak), 1, options.BatchSize);
        Metadata = session.ModelMetadata.CustomMetadataMap;
        Inputs = session.InputMetadata;
        Outputs = session.OutputMetadata;
    }

    public string Path => Content.Name;

    /// <summary>What runs: the file, whole, and in the form that is read here.</summary>
    public ModelContent Content { get; }

    public string Device { get; }

    public int BatchSize { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs { get; }

    public IReadOnlyDictionary<string, NodeMetadata> Outputs { get; }

    public static OnnxModel Load(string path, ModelOptions? options, Adaptation adapt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = (options ?? new ModelOptions()).Checked();
        return Load(ModelContent.Read(path, options.MemoryLimit), options, adapt);
    }

    public static OnnxModel Load(byte[] bytes, ModelOptions? options, Adaptation adapt)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        options = (options ?? new ModelOptions()).Checked();
        return Load(ModelContent.Read("(a model in memory)", bytes, options.MemoryLimit), options, adapt);
    }

    private static OnnxModel Load(ModelContent content, ModelOptions options, Adaptation adapt)
    {
        if (FiniteOutput.Add(content.Model)) content = content.Changed();
        var model = Open(content, options);
        try
        {
            var editor = new GraphEditor(content.Model);
            adapt(editor, model.Inputs, model.Outputs);
            if (!editor.IsChanged) return model;
        }
        catch (GraphProblemException e)
        {
            model.Dispose();
            throw new ModelException($"'{content.Name}' cannot be used: {e.Message}", e);
        }
        model.Dispose();
        return Open(content.Changed(), options);
    }

    private static OnnxModel Open(ModelContent content, ModelOptions options)
    {
        if (options.GpuDeviceId is { } gpu)
        {
            try
            {
                return Open(content, options, gpu);
            }
            // Without the GPU package, an entry point or a library is missing. Otherwise the runtime says what is.
            catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                if (!options.FallbackToCpu)
                    throw new ModelException(
                        $"'{content.Name}' cannot run on GPU {gpu}: {OneLine(e.Message)} The application needs ONNX Runtime's GPU build " +
                            "and CUDA; FallbackToCpu = true runs on the CPU instead.", e);
            }
        }
        try
        {
            return Open(content, options, gpu: null);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime {OrtEnv.Instance().GetVersionString()} cannot use '{content.Name}' " +
                $"({content.Bytes.Length:N0} bytes): {OneLine(e.Message)}", e);
        }
    }

    private static OnnxModel Open(ModelContent content, ModelOptions options, int? gpu)
    {
        using var sessionOptions = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            // Errors come as exceptions, so the runtime does not have to print them as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (gpu is { } device) sessionOptions.AppendExecutionProvider_CUDA(device);
        Configure(content.Name, options, sessionOptions);
        return new OnnxModel(content, new InferenceSession(content.Bytes, sessionOptions), gpu, options);
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
                    "execution provider needs the ONNX Runtime package that contains it.", e);
        }
    }

    /// <summary>The error of a model with other inputs or outputs than needed.</summary>
    public ModelException Refuse(string need)
    {
        string inputs = TensorForm.Describe(Inputs), outputs = TensorForm.Describe(Outputs);
        return new ModelException($"'{Path}' {need} It has the inputs {inputs} and the outputs {outputs}.");
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
