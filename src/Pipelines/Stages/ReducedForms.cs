using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>An ONNX file that smaller forms are made of.</summary>
/// <param name="Path">The file.</param>
/// <param name="Output">The output whose loss is told.</param>
/// <param name="Write">Writes a form to a path.</param>
internal sealed record ReducibleFile(string Path, string Output, Func<string, ModelPrecision, ReducedModel> Write);

/// <summary>The smaller forms of a run's ONNX files that its settings ask for (export.float16, export.int8).</summary>
internal static class ReducedForms
{
    /// <summary>Training pairs for a network that makes pictures of pictures: half calibrate it. In each every pixel is an example.
    /// </summary>
    public const int Pairs = 128;

    private static readonly ModelPrecision[] _all = [ModelPrecision.Float16, ModelPrecision.Int8];

    /// <summary>A form's file beside its original: <c>generator-int8.onnx</c>.</summary>
    public static string PathOf(string model, ModelPrecision precision) =>
        Path.ChangeExtension(model, null) + $"-{precision.ToString().ToLowerInvariant()}.onnx";

    /// <summary>The files that the settings ask for, of one model.</summary>
    public static string[] Of(RunContext run, string model) => [.. Asked(run).Select(precision => PathOf(model, precision))];

    /// <summary>Writes them, and deletes those of earlier settings.</summary>
    /// <returns>By file; null where none are asked for.</returns>
    public static IReadOnlyDictionary<string, ReducedForm>? Write(RunContext run, CancellationToken stop, params ReducibleFile[] files)
    {
        Dictionary<string, ReducedForm> forms = [];
        foreach (var precision in _all)
        {
            foreach (var file in files)
            {
                var path = PathOf(file.Path, precision);
                if (!Asked(run).Contains(precision))
                {
                    File.Delete(path);
                    continue;
                }
                var form = file.Write(path, precision);
                var loss = form.Losses[file.Output];
                forms[Path.GetFileName(path)] = new(form.Bytes, form.OriginalBytes, form.IntegerLayers, form.Layers,
                    loss.MeanAbsoluteError, loss.MaximumAbsoluteError, loss.RelativeError);
                stop.ThrowIfCancellationRequested();
            }
        }
        return forms.Count > 0 ? forms : null;
    }

    /// <summary>Measures the forms that the settings ask for, of one model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">The original's file.</param>
    /// <param name="measure">Measures a form's file.</param>
    /// <returns>By file; null where none are asked for.</returns>
    public static IReadOnlyDictionary<string, T>? Measure<T>(RunContext run, string model, Func<string, T> measure)
    {
        var measured = Of(run, model).ToDictionary(form => Path.GetFileName(form), measure);
        return measured.Count > 0 ? measured : null;
    }

    /// <summary>A generator, whose forms are calibrated with latents of its own.</summary>
    public static ReducibleFile Generator(string path, CancellationToken stop) => new(path, "image",
        (form, precision) => ReducedPrecision.WriteGenerator(path, form, precision, cancellationToken: stop));

    /// <summary>A network of images, whose forms are calibrated with training images.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Its file.</param>
    /// <param name="output">The output whose loss is told.</param>
    /// <param name="stop">Ends the work between batches.</param>
    public static ReducibleFile ImageModel(RunContext run, string path, string output, CancellationToken stop)
    {
        return new(path, output, (form, precision) =>
            ReducedPrecision.WriteImageModel(path, form, precision, Images(), output, cancellationToken: stop));

        ImageTensor Images()
        {
            const int count = 2 * ReducedPrecision.DefaultRows;
            return run.Source("train").ReadBatches(count, count, stop).First().Images;
        }
    }

    /// <summary>A translator, whose forms are calibrated with one side of training pairs.</summary>
    public static ReducibleFile Translator(string path, Func<ImageTensor> images, CancellationToken stop) => new(path, "translation",
        (form, precision) => ReducedPrecision.WriteTranslator(path, form, precision, images(), cancellationToken: stop));

    /// <summary>A run's generator of images for wanted poses, whose forms are calibrated with training pairs.</summary>
    public static ReducibleFile PoseGenerator(RunContext run, CancellationToken stop) => new(run.Folder.PoseGenerator, "translation",
        (form, precision) =>
        {
            var pairs = PoseImages.Read(run.Source("train"), Pairs, stop);
            return ReducedPrecision.WritePoseGenerator(
                run.Folder.PoseGenerator, form, precision, pairs.Images, pairs.Poses, cancellationToken: stop);
        });

    private static IEnumerable<ModelPrecision> Asked(RunContext run) => _all.Where(precision => precision switch
    {
        ModelPrecision.Float16 => run.Options.Export.Float16,
        _ => run.Options.Export.Int8,
    });
}
