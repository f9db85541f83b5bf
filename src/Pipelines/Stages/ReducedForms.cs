using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>The smaller forms of a run's ONNX files that its settings ask for (export.float16, export.int8).</summary>
internal static class ReducedForms
{
    private static readonly ModelPrecision[] _all = [ModelPrecision.Float16, ModelPrecision.Int8];

    /// <summary>A form's file beside its original: <c>generator-int8.onnx</c>.</summary>
    public static string PathOf(string model, ModelPrecision precision) =>
        Path.ChangeExtension(model, null) + $"-{precision.ToString().ToLowerInvariant()}.onnx";

    /// <summary>The files that the settings ask for, of one model.</summary>
    public static string[] Of(RunContext run, string model) => [.. Asked(run).Select(precision => PathOf(model, precision))];

    /// <summary>Writes them, and deletes those of earlier settings.</summary>
    /// <param name="run">The run.</param>
    /// <param name="generator">The generator, or null.</param>
    /// <param name="images">A model of images, or null.</param>
    /// <param name="output">The output of the model of images whose loss is told.</param>
    /// <param name="stop">Ends the work between batches.</param>
    /// <returns>By file; null where none are asked for.</returns>
    public static IReadOnlyDictionary<string, ReducedForm>? Write(
        RunContext run, string? generator, string? images, string output, CancellationToken stop)
    {
        Dictionary<string, ReducedForm> forms = [];
        foreach (var precision in _all)
        {
            if (generator is not null && Wanted(precision, generator))
                Add(ReducedPrecision.WriteGenerator(generator, PathOf(generator, precision), precision, cancellationToken: stop), null);
            if (images is not null && Wanted(precision, images))
                Add(ReducedPrecision.WriteImageModel(
                    images, PathOf(images, precision), precision, Images(), output, cancellationToken: stop), output);
        }
        return forms.Count > 0 ? forms : null;

        bool Wanted(ModelPrecision precision, string model)
        {
            if (Asked(run).Contains(precision)) return true;
            File.Delete(PathOf(model, precision));
            return false;
        }

        void Add(ReducedModel form, string? name)
        {
            var loss = name is null ? form.Losses.Values.Single() : form.Losses[name];
            forms[Path.GetFileName(form.Path)] = new(form.Bytes, form.OriginalBytes, form.IntegerLayers, form.Layers,
                loss.MeanAbsoluteError, loss.MaximumAbsoluteError, loss.RelativeError);
            stop.ThrowIfCancellationRequested();
        }

        ImageTensor Images()
        {
            const int count = 2 * ReducedPrecision.DefaultRows;
            return run.Source("train").ReadBatches(count, count, stop).First().Images;
        }
    }

    private static IEnumerable<ModelPrecision> Asked(RunContext run) => _all.Where(precision => precision switch
    {
        ModelPrecision.Float16 => run.Options.Export.Float16,
        _ => run.Options.Export.Int8,
    });
}
