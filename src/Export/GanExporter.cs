using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GanPipeline.Inference;
using Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>
/// Writes generators, discriminators and classifiers in the form that the project's other parts read. Every export is verified.
/// </summary>
public static class GanExporter
{
    // Other alphabets as they are.
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a generator: <c>latent</c> float32 [N, Z] to <c>image</c> float32 [N, C, H, W], or to <c>pixels</c> uint8 [N, H, W, C],
    /// which are round((image + 1) 127.5), half to even, limited to 0..255, ready for a picture file.
    /// </summary>
    /// <param name="generator">Turns standard normal latents [N, Z] into images [N, C, H, W] with values in [-1, 1].</param>
    /// <param name="latentSize">Z.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. Latent size and distribution and the pixels' range are added.</param>
    /// <param name="pixels">Whether the output is bytes.</param>
    /// <param name="labels">What a conditional generator is told: it has a second input <c>label</c> float32 [N, K], and the network takes
    /// [N, Z + K], the label behind the latent. Null for an unconditional one.</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where the
    /// result is no image.</exception>
    public static ExportResult ExportGenerator(
        Module<Tensor, Tensor> generator, int latentSize, string path, ExportOptions? options = null, bool pixels = false,
        LabelLayout? labels = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return WriteGenerator([("", generator)], [.. Inputs(labels)], x => generator.call(x.Length == 1 ? x[0] : cat(x, 1))!, latentSize,
            path, WithMetadata(options, labels), pixels);
    }

    /// <summary>
    /// Writes a generator that makes what a text says, with the encoder of its texts: <c>latent</c> float32 [N, Z] and <c>text</c> int64
    /// [N, L], the ids of a vocabulary, to <c>image</c> float32 [N, C, H, W] or <c>pixels</c> uint8 [N, H, W, C], as
    /// <see cref="ExportGenerator"/> does. <see cref="GeneratorModel"/> runs it, and takes strings.
    /// </summary>
    /// <param name="generator">Turns latents with embeddings behind them, [N, Z + D], into images [N, C, H, W] in [-1, 1].</param>
    /// <param name="encoder">Turns ids [N, L] into embeddings [N, D].</param>
    /// <param name="vocabulary">What the ids mean, which goes into the metadata, and L.</param>
    /// <param name="latentSize">Z.</param>
    /// <param name="path">The file.</param>
    /// <param name="examples">Captions of some training images, which are shown where no text is asked for.</param>
    /// <param name="options">Metadata, operator set, converters. What <see cref="ExportGenerator"/> adds is added.</param>
    /// <param name="pixels">Whether the output is bytes.</param>
    /// <exception cref="ExportException">As <see cref="ExportGenerator"/>.</exception>
    public static ExportResult ExportTextGenerator(
        Module<Tensor, Tensor> generator, Module<Tensor, Tensor> encoder, Vocabulary vocabulary, int latentSize, string path,
        IReadOnlyList<string> examples, ExportOptions? options = null, bool pixels = false)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(examples);
        using var scope = NewDisposeScope();
        options = WithMetadata(options, null, (ModelMetadata.Vocabulary, vocabulary.ToJson()),
            (ModelMetadata.TextExamples, JsonSerializer.Serialize(examples, _plain)));
        var padded = TextsOfAllLengths(vocabulary, options.Verification.Seed);
        var latents = randn(vocabulary.Length, latentSize, generator: new Generator((ulong)options.Verification.Seed));
        return WriteGenerator([("", generator), ("text_encoder", encoder)],
            [ModelInput.Integers("text", [vocabulary.Length], vocabulary.Size)],
            x => generator.call(cat([x[0], RequireVectors("text encoder", encoder.call(x[1]))], 1)), latentSize, path,
            options with
            {
                Verification = options.Verification with { Examples = [.. options.Verification.Examples, [latents, padded]] },
            }, pixels);
    }

    private static ExportResult WriteGenerator((string, Module<Tensor, Tensor>)[] modules, ModelInput[] conditions,
        Func<Tensor[], Tensor> generate, int latentSize, string path, ExportOptions options, bool pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        var description = new ExportDescription
        {
            Name = "generator",
            Modules = [.. modules],
            Inputs = [ModelInput.Normal("latent", [latentSize]), .. conditions],
            Outputs = [pixels ? "pixels" : "image"],
            // The file rounds to bytes, and is compared with what they are before that.
            Graph = pixels ? (graph, x) => [ToPixels(graph, graph.Record(x => [Image(x)], x)[0])] : null,
            Torch = x => [pixels ? ((Image(x) + 1) * 127.5f).clamp(0, 255).permute(0, 2, 3, 1) : Image(x)],
        };
        return OnnxExporter.Export(description, path, WithMetadata(options, null,
            (ModelMetadata.LatentSize, latentSize.ToString(CultureInfo.InvariantCulture)),
            (ModelMetadata.LatentDistribution, ModelMetadata.StandardNormal)));

        Tensor Image(Tensor[] x)
        {
            var image = generate(x);
            return image.dim() == 4 ? image
                : throw new ExportException($"The generator makes {Shape(image)}; an image is [N, channels, height, width]. End a dense " +
                    "generator with Unflatten(1, [channels, height, width]).");
        }
    }

    /// <summary>
    /// Writes a network that makes images of images, such as Pix2Pix's generator: <c>image</c> float32 [N, C, H, W] to <c>translation</c>
    /// float32 [N, C', H', W'], both in [-1, 1]. <see cref="TranslatorModel"/> runs it.
    /// </summary>
    /// <param name="translator">Turns images [N, C, H, W] into images [N, C', H', W'] with values in [-1, 1].</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <param name="freeSize">
    /// Whether H and W are free in the file, and given ones are only those of the training: a network of convolutions takes any multiples
    /// of its strides. Which these are, and from which on, is found by running the network, and added to the metadata
    /// (<see cref="ModelMetadata.SideMultiple"/>, <see cref="ModelMetadata.LeastSide"/>). The file is verified at the given size, and at
    /// others that are not square.
    /// </param>
    /// <param name="dropout">
    /// Whether its <c>Dropout</c> layers stay in use, which is the noise of Isola et al. 2017 (section 2.2): the file has a second input
    /// <c>noise</c> float32 [N, K], uniform from 0 to below 1, a number for each value that may be dropped, which is where its number is
    /// less than the layer's probability. <see cref="TranslatorModel"/> makes it of a seed (<see cref="ModelOptions.NoiseSeed"/>). K
    /// depends on the size, which cannot be free then.
    /// </param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where the
    /// result is no image, or the network takes images of one size alone and is to take others, or is to use dropout and has
    /// none.</exception>
    /// <exception cref="ArgumentException">Both free size and dropout are asked for.</exception>
    public static ExportResult ExportTranslator(
        Module<Tensor, Tensor> translator, int channels, int height, int width, string path, ExportOptions? options = null,
        bool freeSize = false, bool dropout = false)
    {
        ArgumentNullException.ThrowIfNull(translator);
        if (freeSize && dropout)
            throw new ArgumentException("The noise of dropout depends on the images' size, which is not free then.", nameof(dropout));
        var input = ModelInput.Uniform("image", [channels, height, width]);
        using var scope = NewDisposeScope();
        if (freeSize)
        {
            var sides = FreeSides.Find(translator, channels, height, width);
            input = ModelInput.Uniform("image", [channels, sides.Recorded(height), sides.Recorded(width)]) with
            {
                DynamicAxes = new Dictionary<int, string> { [2] = "height", [3] = "width" },
            };
            options = WithMetadata(options, null, sides.Metadata(height, width));
            var trained = rand(1, channels, height, width, generator: new Generator((ulong)options.Verification.Seed)) * 2 - 1;
            options = options with
            {
                Verification = options.Verification with { Examples = [.. options.Verification.Examples, [trained]] },
            };
        }
        var noise = dropout ? new NoiseDropout(translator, channels, height, width) : null;
        options = WithMetadata(options);
        if (noise is not null)
        {
            options = WithMetadata(options, null, (ModelMetadata.NoiseDistribution, ModelMetadata.Uniform));
            options = options with { Converters = options.Converters.With<TorchSharp.Modules.Dropout>(noise.Drop) };
        }
        var description = new ExportDescription
        {
            Name = "translator",
            Modules = [("", translator)],
            Inputs = noise is null ? [input] : [input, ModelInput.Uniform("noise", [noise.Size], low: 0)],
            Outputs = ["translation"],
            Graph = noise is null ? null : noise.Build,
            Torch = x => (noise is null ? translator.call(x[0]) : noise.Call(x[0], x[1])) is var made && made.dim() == 4 ? [made]
                : throw new ExportException($"The translator makes {Shape(made)}; an image is [N, channels, height, width]."),
        };
        return OnnxExporter.Export(description, path, options);
    }

    /// <summary>
    /// Writes a generator of two stages that makes an image of an image and a wanted pose: <c>image</c> float32 [N, C, H, W] in [-1, 1] and
    /// <c>pose</c> float32 [N, P, H, W] to <c>translation</c> and, of the first stage, <c>coarse</c>, both as <c>image</c>.
    /// <see cref="PoseGeneratorModel"/> runs it.
    /// </summary>
    /// <param name="generator">The network.</param>
    /// <param name="compute">
    /// What it makes of an image and the pose's planes behind it, [N, C + P, H, W]: the final image and the coarse one, both [N, C, H, W].
    /// </param>
    /// <param name="pose">What a pose is; written to the metadata (<see cref="ModelMetadata.Pose"/>).</param>
    /// <param name="shape">C, H and W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>.</exception>
    public static ExportResult ExportPoseGenerator(Module generator, Func<Tensor, (Tensor Image, Tensor Coarse)> compute, PoseLayout pose,
        ImageShape shape, string path, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(pose);
        var description = new ExportDescription
        {
            Name = "pose_generator",
            Modules = [("", generator)],
            Inputs =
            [
                ModelInput.Uniform("image", [shape.Channels, shape.Height, shape.Width]),
                ModelInput.Uniform("pose", [pose.Channels, shape.Height, shape.Width]),
            ],
            Outputs = ["translation", "coarse"],
            Torch = x =>
            {
                var (image, coarse) = compute(cat([x[0], x[1]], 1));
                return [image, coarse];
            },
        };
        return OnnxExporter.Export(description, path, WithMetadata(options, null, (ModelMetadata.Pose, pose.ToJson())));
    }

    /// <summary>
    /// Writes a discriminator: <c>image</c> float32 [N, C, H, W] in [-1, 1], and <c>label</c> where it is conditional, to
    /// <c>probability</c> and <c>logit</c> [N, 1]; or a Wasserstein critic, to <c>score</c> [N, 1].
    /// </summary>
    /// <param name="discriminator">Turns images into logits [N, 1], without a sigmoid at its end.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <param name="critic">Whether the result is a score that no sigmoid turns into a probability.</param>
    /// <param name="labels">What a conditional discriminator is told: it has a second input <c>label</c> float32 [N, K]. Null for an
    /// unconditional one.</param>
    /// <param name="labelPlanes">Whether the network gets a label as K constant planes behind the image's channels, [N, C + K, H, W];
    /// else as K numbers behind the flattened image, [N, C H W + K].</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where the
    /// result is not [N, 1].</exception>
    public static ExportResult ExportDiscriminator(
        Module<Tensor, Tensor> discriminator, int channels, int height, int width, string path, ExportOptions? options = null,
            bool critic = false,
        LabelLayout? labels = null, bool labelPlanes = true)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        return OnnxExporter.Export(Discriminator(discriminator, [channels, height, width], critic, labels, x =>
        {
            var logit = discriminator.call(labels is null ? x[0] : LabelJoin.Of(x[0], x[1], labelPlanes))!;
            return logit.dim() == 2 && logit.shape[1] == 1 ? logit
                : throw new ExportException($"The discriminator makes {Shape(logit)}; one number for an image is [N, 1].");
        }), path, WithMetadata(options, labels));
    }

    /// <summary>
    /// Writes a discriminator that judges patches of an image one by one, as those of Pix2Pix and CycleGAN: <c>image</c> float32
    /// [N, C, H, W] in [-1, 1] to <c>probability</c> and <c>logit</c> [N, P], of P patches row by row; or a Wasserstein critic, to
    /// <c>score</c> [N, P].
    /// </summary>
    /// <param name="discriminator">Turns images into logits [N, P], without a sigmoid at its end.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <param name="critic">Whether the results are scores that no sigmoid turns into probabilities.</param>
    /// <param name="conditionChannels">
    /// Where it judges pairs: how many of the C channels, the first ones, are of the image that the other one is made of; the metadata say
    /// so (<see cref="ModelMetadata.ConditionChannels"/>). 0 where it judges images.
    /// </param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where the
    /// result is not [N, P].</exception>
    public static ExportResult ExportPatchDiscriminator(
        Module<Tensor, Tensor> discriminator, int channels, int height, int width, string path, ExportOptions? options = null,
        bool critic = false, int conditionChannels = 0)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        ArgumentOutOfRangeException.ThrowIfNegative(conditionChannels);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(conditionChannels, channels);
        return OnnxExporter.Export(Discriminator(discriminator, [channels, height, width], critic, null, x =>
        {
            var logits = discriminator.call(x[0])!;
            return logits.dim() == 2 ? logits
                : throw new ExportException($"The discriminator makes {Shape(logits)}; one number for each patch is [N, P].");
        }), path, conditionChannels == 0 ? WithMetadata(options) : WithMetadata(options, null,
            (ModelMetadata.ConditionChannels, conditionChannels.ToString(CultureInfo.InvariantCulture))));
    }

    private static ExportDescription Discriminator(
        Module<Tensor, Tensor> discriminator, long[] shape, bool critic, LabelLayout? labels, Func<Tensor[], Tensor> judge) => new()
    {
        Name = "discriminator",
        Modules = [("", discriminator)],
        Inputs = [ModelInput.Uniform("image", shape), .. Inputs(labels)],
        Outputs = critic ? ["score"] : ["probability", "logit"],
        Torch = x => judge(x) is var logit && critic ? [logit] : [logit.sigmoid(), logit],
    };

    /// <summary>
    /// Writes a classifier in two parts: <c>image</c> float32 [N, C, H, W] in [-1, 1] to <c>features</c> [N, F] and <c>logits</c> [N, K].
    /// </summary>
    /// <param name="trunk">Turns images into features [N, F].</param>
    /// <param name="head">Turns features into logits [N, K], without a softmax at its end.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where a
    /// result is not [N, F].</exception>
    public static ExportResult ExportClassifier(
        Module<Tensor, Tensor> trunk, Module<Tensor, Tensor> head, int channels, int height, int width, string path,
            ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trunk);
        ArgumentNullException.ThrowIfNull(head);
        var description = new ExportDescription
        {
            Name = "classifier",
            Modules = [("trunk", trunk), ("head", head)],
            Inputs = [ModelInput.Uniform("image", [channels, height, width])],
            Outputs = ["features", "logits"],
            Torch = x =>
            {
                var features = trunk.call(x[0])!;
                if (features.dim() != 2) throw new ExportException(
                    $"The classifier's trunk makes {Shape(features)}; features are [N, F]. End it with Flatten().");
                // A copy, because the head may begin with a layer that works in place.
                return [features.clone(), head.call(features)!];
            },
        };
        return OnnxExporter.Export(description, path, WithMetadata(options));
    }

    /// <summary>
    /// Writes an encoder of texts: <c>text</c> int64 [N, L], the ids of a vocabulary, to <c>embedding</c> float32 [N, D].
    /// <see cref="TextEncoderModel"/> runs it. It is verified on texts of all lengths.
    /// </summary>
    /// <param name="encoder">Turns ids [N, L] into embeddings [N, D].</param>
    /// <param name="vocabulary">What the ids mean, which goes into the metadata, and L.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters.</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where a
    /// result is not [N, D].</exception>
    public static ExportResult ExportTextEncoder(
        Module<Tensor, Tensor> encoder, Vocabulary vocabulary, string path, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(vocabulary);
        options ??= new();
        var metadata = options.Metadata.ToDictionary();
        metadata.TryAdd(ModelMetadata.Vocabulary, vocabulary.ToJson());
        metadata.TryAdd(ModelMetadata.Version, ModelWriter.Version);
        using var scope = NewDisposeScope();
        var padded = TextsOfAllLengths(vocabulary, options.Verification.Seed);
        var description = new ExportDescription
        {
            Name = "text_encoder",
            Modules = [("", encoder)],
            Inputs = [ModelInput.Integers("text", [vocabulary.Length], vocabulary.Size)],
            Outputs = ["embedding"],
            Torch = x => [RequireVectors("text encoder", encoder.call(x[0]))],
        };
        return OnnxExporter.Export(description, path, options with
        {
            Metadata = metadata,
            Verification = options.Verification with
            {
                Examples = [.. options.Verification.Examples, [padded]],
            },
        });
    }

    /// <summary>
    /// Writes an encoder of images, into the space of a text encoder: <c>image</c> float32 [N, C, H, W] in [-1, 1] to <c>embedding</c>
    /// float32 [N, D]. <see cref="FeatureModel"/> runs it.
    /// </summary>
    /// <param name="encoder">Turns images into embeddings [N, D].</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where a
    /// result is not [N, D].</exception>
    public static ExportResult ExportImageEncoder(
        Module<Tensor, Tensor> encoder, int channels, int height, int width, string path, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var description = new ExportDescription
        {
            Name = "image_encoder",
            Modules = [("", encoder)],
            Inputs = [ModelInput.Uniform("image", [channels, height, width])],
            Outputs = ["embedding"],
            Torch = x => [RequireVectors("image encoder", encoder.call(x[0]))],
        };
        return OnnxExporter.Export(description, path, WithMetadata(options));
    }

    /// <summary>Whether a discriminator has convolutions that <see cref="ExportFeatures"/> finds: a dense one has none.</summary>
    /// <param name="discriminator">Turns images into logits.</param>
    public static bool HasFeatures(Module<Tensor, Tensor> discriminator)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        return new FeatureLayers(discriminator).Any;
    }

    /// <summary>
    /// Writes a discriminator's convolutional features after Radford, Metz and Chintala 2016, section 5.1: <c>image</c> float32
    /// [N, C, H, W] in [-1, 1] to <c>features</c> [N, F], the activations after every convolution but one that makes the logit, each
    /// max-pooled to a 4 x 4 grid, flattened, concatenated. Where a side is no multiple of 4 the windows are those of
    /// <c>adaptive_max_pool2d</c>; a side under 4 is taken as it is. The metadata says which layer and position a feature is
    /// (<see cref="FeatureModel.Layers"/>).
    /// </summary>
    /// <remarks>
    /// Batch normalisations are frozen as they are. A discriminator's running statistics are of real and generated images; make them those
    /// of the training set first.
    /// </remarks>
    /// <param name="discriminator">A <c>Sequential</c>, which may hold others.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <param name="labelPlanes">How many planes a conditional discriminator has behind the image's channels; here they are zero.</param>
    /// <param name="mirror">Whether the features are the means of those of the image and of its mirror image, left for right: for pictures
    /// that show the same either way. It takes twice the time.</param>
    /// <param name="scaling">Brings the features to a mean of 0 and a deviation of 1; null leaves them as they are.</param>
    /// <exception cref="ExportException">As <see cref="OnnxExporter.Export(ExportDescription, string, ExportOptions?)"/>, and where there
    /// is no convolution to take features from.</exception>
    public static ExportResult ExportFeatures(
        Module<Tensor, Tensor> discriminator, int channels, int height, int width, string path, ExportOptions? options = null,
        int labelPlanes = 0, bool mirror = false, FeatureScaling? scaling = null)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        return Export(
            new FeatureLayers(discriminator), discriminator, channels, height, width, path, options, labelPlanes, mirror, scaling);
    }

    /// <summary>
    /// Writes how a discriminator's logit changes with its parameters, as features of an image after the adversarial Fisher vectors of
    /// Zhai et al. 2019: <c>image</c> float32 [N, C, H, W] in [-1, 1] to <c>features</c> [N, F], the derivative of the logit by a bias of
    /// each convolution's filter in each cell of a 4 x 4 grid, for every convolution but one that makes the logit. The paper takes the
    /// derivatives by all parameters, which are as many numbers an image as the network has.
    /// </summary>
    /// <param name="discriminator">
    /// A <c>Sequential</c>, which may hold others, of <c>Conv2d</c>, <c>Linear</c>, <c>BatchNorm</c>, <c>LeakyReLU</c>, <c>ReLU</c>,
    /// <c>Flatten</c> and <c>Dropout</c>.
    /// </param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Metadata, operator set, converters. The pixels' range is added.</param>
    /// <param name="labelPlanes">How many planes a conditional discriminator has behind the image's channels; here they are zero.</param>
    /// <param name="mirror">Whether the features are the means of those of the image and of its mirror image, left for right.</param>
    /// <param name="scaling">
    /// Brings the features to a mean of 0 and a deviation of 1. Measured on a generator's samples it makes the Fisher vector: the mean is
    /// then the generator's part of the score, and the deviation the Fisher information's diagonal.
    /// </param>
    /// <exception cref="ExportException">As <see cref="ExportFeatures"/>, and where a layer's gradient has no form here.</exception>
    public static ExportResult ExportGradients(
        Module<Tensor, Tensor> discriminator, int channels, int height, int width, string path, ExportOptions? options = null,
        int labelPlanes = 0, bool mirror = false, FeatureScaling? scaling = null)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        return Export(
            new LogitGradients(discriminator), discriminator, channels, height, width, path, options, labelPlanes, mirror, scaling);
    }

    private static ExportResult Export(
        FeatureSource source, Module<Tensor, Tensor> discriminator, int channels, int height, int width, string path,
        ExportOptions? options, int labelPlanes, bool mirror, FeatureScaling? scaling)
    {
        if (!source.Any)
            throw new ExportException($"The discriminator ({discriminator.GetType()}) has no convolution before the layer that makes " +
                $"its logit, so that there are no features to export. A module other than Sequential counts as one layer.");
        var description = new ExportDescription
        {
            Name = "features",
            Modules = [("", discriminator)],
            Inputs = [ModelInput.Uniform("image", [channels, height, width])],
            Outputs = ["features"],
            Torch = x =>
            {
                var features = mirror ? MirrorMean.Of(x[0], Compute) : Compute(x[0]);
                return [scaling?.Apply(features) ?? features];
            },
        };
        options = WithMetadata(options);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.Features] = FeatureLayer.Write(Layers());
        if (mirror) metadata[ModelMetadata.MirroredFeatures] = "true";
        if (scaling is not null)
            metadata[ModelMetadata.StandardizedFeatures] = scaling.ImageCount.ToString(CultureInfo.InvariantCulture);
        return OnnxExporter.Export(description, path, options with { Metadata = metadata });

        Tensor Compute(Tensor images) => source.Compute(LabelJoin.OfZeros(images, labelPlanes));

        IReadOnlyList<FeatureLayer> Layers()
        {
            using var modes = new ModuleModes([discriminator], ExportMode.Evaluation);
            using var scope = NewDisposeScope();
            var device = discriminator.parameters().FirstOrDefault()?.device ?? CPU;
            return source.Layers(zeros(1, channels + labelPlanes, height, width, device: device));
        }
    }

    /// <summary>Ids [L, L] of texts of 1 to L words: random ids, as verification draws them, have no padding at their end.</summary>
    private static Tensor TextsOfAllLengths(Vocabulary vocabulary, int seed)
    {
        var random = new Random(seed);
        var ids = new long[vocabulary.Length * vocabulary.Length];
        for (var row = 0; row < vocabulary.Length; row++)
            for (var i = 0; i <= row; i++) ids[row * vocabulary.Length + i] = random.Next(Vocabulary.Unknown, vocabulary.Size);
        return tensor(ids, [vocabulary.Length, vocabulary.Length]);
    }

    private static Tensor RequireVectors(string what, Tensor made) => made.dim() == 2 ? made
        : throw new ExportException($"The {what} makes {Shape(made)}; embeddings are [N, D].");

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape.Skip(1).Select(size => $"{size}").Prepend("N"))}]";

    private static OnnxValue ToPixels(OnnxGraph graph, OnnxValue image)
    {
        var rounded = graph.Elementwise("Round", (image + 1) * 127.5f);
        return graph.Transpose(graph.Cast(graph.Clip(rounded, 0, 255), TensorProto.Types.DataType.Uint8), 0, 2, 3, 1);
    }

    private static IEnumerable<ModelInput> Inputs(LabelLayout? labels) => labels is null ? [] : [ModelInput.Labels("label", labels)];

    private static ExportOptions WithMetadata(ExportOptions? options, LabelLayout? labels = null, params (string Key, string Value)[] facts)
    {
        options ??= new();
        var metadata = options.Metadata.ToDictionary();
        if (labels is not null) metadata.TryAdd(ModelMetadata.Labels, labels.ToJson());
        foreach (var (key, value) in facts) metadata.TryAdd(key, value);
        metadata.TryAdd(ModelMetadata.PixelRange, ModelMetadata.NormalizedRange);
        metadata.TryAdd(ModelMetadata.Version, ModelWriter.Version);
        return options with { Metadata = metadata };
    }
}
