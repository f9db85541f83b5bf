using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>The translator that reads outputs back.</summary>
internal static class PairReader
{
    /// <summary>An ONNX file, or the translator in a run's folder.</summary>
    public static string Find(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? path
        : Path.Combine(path, "models", "translator.onnx") is var inRun && File.Exists(inRun) ? inRun
        : Path.Combine(path, "translator.onnx");

    /// <summary>Opens it.</summary>
    /// <exception cref="RequestException">There is none, or it does not turn the data's targets into their inputs.</exception>
    public static TranslatorModel Open(RunContext run)
    {
        var file = Find(run.Options.Evaluate.Reader);
        TranslatorModel reader;
        try { reader = TranslatorModel.Load(file); }
        catch (ModelException e) { throw new RequestException($"evaluate.reader: {e.Message}", e); }
        var (shape, condition) = (run.Architecture.Shape, run.Architecture.ConditionChannels);
        if ((reader.Channels, reader.Height, reader.Width, reader.OutputChannels, reader.OutputHeight, reader.OutputWidth)
            == (shape.Channels, shape.Height, shape.Width, condition, shape.Height, shape.Width)) return reader;
        using (reader)
            throw new RequestException($"evaluate.reader: {file} turns {reader.Width} x {reader.Height} x {reader.Channels} into " +
                $"{reader.OutputWidth} x {reader.OutputHeight} x {reader.OutputChannels}; to read outputs back it turns {shape} into " +
                $"{shape with { Channels = condition }}. The pipeline with data.direction=b-to-a and data.condition-channels=" +
                $"{shape.Channels} trains such a one.");
    }
}
