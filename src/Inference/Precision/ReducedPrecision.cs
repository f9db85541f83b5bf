using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// Writes smaller forms of ONNX models, and measures what they lose. A form has the inputs, outputs and metadata of its original, with the
/// names and shapes that this project gives them, and is used in its place.
/// </summary>
/// <remarks>
/// 8-bit forms are made after training (Jacob et al. 2018, section 2; Krishnamoorthi 2018, section 3): activations are uint8 with one scale
/// a tensor, from inputs for calibration; weights are int8 with one scale an output channel. Layers with less than a twentieth of the
/// network's products stay float32, and the last one with less than a fifth, such as a DCGAN's.
/// </remarks>
public static class ReducedPrecision
{
    /// <summary>Latents for calibration where the caller does not say otherwise, and as many again for the losses.</summary>
    public const int DefaultRows = 256;

    /// <summary>Decides these latents where the caller does not say otherwise: not a seed that people measure a generator with.</summary>
    public const long DefaultSeed = -1;

    // Every layer's output is kept during calibration, so fewer at once than a model takes otherwise.
    private const int MostAtOnce = 16;
    private const int Share = 8;

    /// <summary>
    /// Writes a form of a generator. Its own latents (and labels, or of texts its own examples) calibrate it, and others measure what it
    /// loses.
    /// </summary>
    /// <param name="model">The generator's ONNX file.</param>
    /// <param name="path">The file to write. An existing one is replaced.</param>
    /// <param name="precision">The form's numbers.</param>
    /// <param name="rows">Latents for calibration, and as many again for the losses; at least 1.</param>
    /// <param name="seed">Decides the latents.</param>
    /// <param name="options">How the generator is opened; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between batches. Nothing is written then.</param>
    /// <exception cref="ModelException">
    /// The file is no generator (<see cref="GeneratorModel.Load(string, ModelOptions?)"/>), or it has no such form: weights beyond the
    /// range of float16, operators older than ONNX version 13, no layer for 8 bits.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Both paths are one file, or a conditional generator's metadata do not describe its labels, or have no examples of its texts.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ReducedModel WriteGenerator(
        string model, string path, ModelPrecision precision, int rows = DefaultRows, long seed = DefaultSeed,
        ModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        using var generator = GeneratorModel.Load(model, Keeping(options));
        var original = OfTexts(generator, model, options) ?? ModelProto.Parser.ParseFrom(generator.Bytes);
        var isOfTexts = original.Graph.Input.Any(input => input.Name == GeneratorForm.Text);
        var batch = AtOnce(generator.BatchSize);
        return Write(model, original, path, precision, Draw(0), Draw(rows), cancellationToken);

        ModelInputs Draw(long first)
        {
            List<InputRows> inputs =
                [new InputRows<float>("latent", [generator.LatentSize], Latents.Normal(seed, first, rows, generator.LatentSize))];
            if (generator.LabelSize == 0) return new(inputs, rows, batch);
            var labels = generator.LabelVectors(rows, seed, first);
            inputs.Add(isOfTexts
                ? new InputRows<long>(GeneratorForm.Text, [generator.LabelSize], Array.ConvertAll(labels, id => (long)id))
                : new InputRows<float>("label", [generator.LabelSize], labels));
            return new(inputs, rows, batch);
        }
    }

    /// <summary>
    /// Writes a form of a network of images, such as features or a classifier. The first half of the images calibrates it, and the
    /// second half measures what it loses.
    /// </summary>
    /// <param name="model">The network's ONNX file.</param>
    /// <param name="path">The file to write. An existing one is replaced.</param>
    /// <param name="precision">The form's numbers.</param>
    /// <param name="images">At least 2, of the model's size, such as it will be given; some hundreds are enough.</param>
    /// <param name="output">One of the model's outputs, as for <see cref="FeatureModel.Load(string, string, ModelOptions?)"/>. The form has
    /// all of them.</param>
    /// <param name="options">How the model is opened; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between batches. Nothing is written then.</param>
    /// <exception cref="ModelException">As for <see cref="WriteGenerator"/>.</exception>
    /// <exception cref="ArgumentException">Both paths are one file, or the images are fewer than 2 or of another size.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ReducedModel WriteImageModel(
        string model, string path, ModelPrecision precision, ImageTensor images, string output = FeatureModel.DefaultOutput,
        ModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        RequireHalves(images);
        using var features = FeatureModel.Load(model, output, Keeping(options));
        features.RequireSize(images);
        var inputs = new ModelInputs([RowsOf("image", images)], images.Count, AtOnce(features.BatchSize));
        return WriteByHalves(model, ModelProto.Parser.ParseFrom(features.Bytes), path, precision, inputs, cancellationToken);
    }

    /// <summary>
    /// Writes a form of a network that turns images into images (<see cref="TranslatorModel"/>). The first half of the images calibrates
    /// it, and the second half measures what it loses. Sizes that are free stay free.
    /// </summary>
    /// <param name="model">The network's ONNX file.</param>
    /// <param name="path">The file to write. An existing one is replaced.</param>
    /// <param name="precision">The form's numbers.</param>
    /// <param name="images">At least 2 in [-1, 1], of a size that the model takes, such as it will be given; some hundreds are enough.
    /// </param>
    /// <param name="options">How the model is opened; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between batches. Nothing is written then.</param>
    /// <exception cref="ModelException">The file is no such network, or as for <see cref="WriteGenerator"/>.</exception>
    /// <exception cref="ArgumentException">
    /// Both paths are one file, or the images are fewer than 2, of other channels, or of a size that the model does not take.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ReducedModel WriteTranslator(
        string model, string path, ModelPrecision precision, ImageTensor images, ModelOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        RequireHalves(images);
        using var translator = TranslatorModel.Load(model, Keeping(options));
        var batch = AtOnce(translator.BatchOf(images));
        var original = ModelProto.Parser.ParseFrom(translator.Bytes);
        List<InputRows> rows = [RowsOf(TranslatorForm.Image, images)];
        if (TranslatorForm.RestoreNoise(original) is > 0 and var noise)
            rows.Add(new InputRows<float>(
                TranslatorForm.Noise, [noise], UniformNoise.Of(DefaultSeed, checked(images.Count * noise))));
        return WriteByHalves(model, original, path, precision, new(rows, images.Count, batch), cancellationToken);
    }

    /// <summary>
    /// Writes a form of a network that makes images for wanted poses (<see cref="PoseGeneratorModel"/>). The first half of the images
    /// calibrates it, and the second half measures what it loses.
    /// </summary>
    /// <param name="model">The network's ONNX file.</param>
    /// <param name="path">The file to write. An existing one is replaced.</param>
    /// <param name="precision">The form's numbers.</param>
    /// <param name="images">At least 2 in [-1, 1], of the model's size, such as it will be given; some hundreds are enough.</param>
    /// <param name="poses">A wanted pose for each, [N, P, H, W] in [-1, 1], as <see cref="PoseLayout"/> describes them; null draws views
    /// from all sides, or keypoints anywhere in the picture.</param>
    /// <param name="options">How the model is opened; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between batches. Nothing is written then.</param>
    /// <exception cref="ModelException">The file is no such network, or as for <see cref="WriteGenerator"/>.</exception>
    /// <exception cref="ArgumentException">
    /// Both paths are one file, the images are fewer than 2, or images or poses are of another size or number.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ReducedModel WritePoseGenerator(
        string model, string path, ModelPrecision precision, ImageTensor images, ImageTensor? poses = null, ModelOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        RequireHalves(images);
        using var generator = PoseGeneratorModel.Load(model, Keeping(options));
        poses ??= generator.DrawPoses(images.Count, DefaultSeed);
        generator.RequireFit(images, poses);
        var inputs = new ModelInputs([RowsOf("image", images), RowsOf("pose", poses)], images.Count, AtOnce(generator.BatchSize));
        return WriteByHalves(model, ModelProto.Parser.ParseFrom(generator.Bytes), path, precision, inputs, cancellationToken);
    }

    /// <summary>
    /// The file as it is where it takes a text's ids as whole numbers, of which the form that is read here makes labels; null of others.
    /// </summary>
    private static ModelProto? OfTexts(GeneratorModel generator, string path, ModelOptions? options)
    {
        if (generator.Vocabulary is null) return null;
        var model = ModelContent.Read(path, (options ?? new()).MemoryLimit).Model;
        return model.Graph.Input.Select(input => input.Name).Order().SequenceEqual(["latent", GeneratorForm.Text]) ? model : null;
    }

    private static ModelOptions Keeping(ModelOptions? options) => (options ?? new()) with { KeepsBytes = true };

    private static int AtOnce(int batchSize) => Math.Clamp(batchSize / Share, 1, MostAtOnce);

    private static void RequireHalves(ImageTensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count < 2)
            throw new ArgumentException("At least 2 images are needed: one for calibration, one for the loss.", nameof(images));
    }

    private static InputRows<float> RowsOf(string name, ImageTensor images) =>
        new(name, [images.Channels, images.Height, images.Width], images.Values);

    private static ReducedModel WriteByHalves(
        string name, ModelProto original, string path, ModelPrecision precision, ModelInputs inputs, CancellationToken cancellationToken)
    {
        var half = inputs.Count / 2;
        return Write(name, original, path, precision, inputs.Part(0, half), inputs.Part(half, inputs.Count - half), cancellationToken);
    }

    private static ReducedModel Write(
        string name, ModelProto original, string path, ModelPrecision precision, ModelInputs calibration, ModelInputs held,
        CancellationToken cancellationToken)
    {
        if (Path.GetFullPath(name) == Path.GetFullPath(path))
            throw new ArgumentException($"'{path}' is the model itself; its reduced form needs another file.", nameof(path));
        try
        {
            // What watches over bytes is added as a model is opened.
            if (original.Graph.Output.FirstOrDefault(output => output.Name == FiniteOutput.Name) is { } added)
                original.Graph.Output.Remove(added);
            var form = Reduction.Of(original, precision, calibration, held, cancellationToken);
            var bytes = ModelBytes.Of(form.Model);
            AtomicFile.WriteAllBytes(path, bytes);
            return new(path, precision, bytes.Length, new FileInfo(name).Length, form.Losses, form.Rows, form.IntegerLayers, form.Layers);
        }
        catch (Exception e) when (e is GraphProblemException or OnnxRuntimeException)
        {
            throw new ModelException($"'{name}' cannot be written as {Reduction.NameOf(precision)}: {e.Message}", e);
        }
    }
}
