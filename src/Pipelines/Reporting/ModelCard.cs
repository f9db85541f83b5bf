using System.Text;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>models/README.md: what the files are, what they were made from, how good they are, how to use them.</summary>
internal static class ModelCard
{
    public static string Gan(RunContext run)
    {
        var o = run.Options;
        var shape = run.Source("train").Shape;
        var label = run.Labels is { Size: var size } ? $", `label` float32 [N, {size}]"
            : run.Texts is { } told ? $", `text` int64 [N, {told.Vocabulary.Length}]" : "";
        var output = Objectives.Create(o.Objective).IsProbabilistic ? "`probability` and `logit`" : "`score`";
        var image = $"`image` float32 [N, {shape.Channels}, {shape.Height}, {shape.Width}] in [-1, 1]";
        var text = Start(run);
        text.AppendLine($"""
            | file | input | output |
            |---|---|---|
            | `generator.onnx` | `latent` float32 [N, {o.Architecture.LatentSize}], standard normal{label} | {image} |
            """);
        if (run.Texts is null) text.AppendLine($"| `discriminator.onnx` | `image`{label} | {output} float32 [N, 1] |");
        if (File.Exists(run.Folder.Features)) Features(text, run);
        if (o.Export.Pixels) text.AppendLine(
            $"| `generator-pixels.onnx` | `latent`{label} | `pixels` uint8 [N, {shape.Height}, {shape.Width}, {shape.Channels}] |");
        Forms(text, run);
        if (run.Labels is { } labels) Labels(text, labels);
        if (run.Texts is { } encoder)
            text.AppendLine($"""

                `text` says what a picture shows: ids of up to {encoder.Vocabulary.Length} words of the {TextFormat.Count(
                encoder.Vocabulary.Size)} in the file's metadata, which `GeneratorModel` makes of a string.
                """);
        Training(text, run, $"{o.Architecture.Name}, {o.Architecture.LatentSize} latent numbers" + (o.Architecture.Name == "dense"
            ? ""
            : $", {o.Architecture.Filters} filters"),
            $"{TextFormat.Count(o.Train.Steps, "step")} of {o.Train.BatchSize} pictures, " +
            $"{OptionMember.KeyOf(o.Objective.Loss.ToString())}, Adam {TextFormat.Number(o.Train.LearningRate)}, " +
            $"beta1 {o.Train.Beta1}, seed {o.Train.Seed}");
        Frechet(text, run);
        Transfer(text, run);
        var asked = run.Labels is { } known ? known.Describe([.. known.Fields.Select(f => (float)f.Low)])
            : run.Texts is null ? "" : run.Source("train").DrawCaption(0, 0, 0).Replace('"', '\'');
        var (inCode, inShell) = asked.Length == 0 ? ("", "")
            : ($", labels: [\"{asked}\"]", $" --{(run.Texts is null ? "label" : "text")} \"{asked}\"");
        text.AppendLine($"""

            ## In C#

            ```csharp
            using GanPipeline.Inference;

            using var generator = GeneratorModel.Load("generator.onnx");
            var images = generator.Sample(64, seed: 1{inCode});      // [64, C, H, W] in [-1, 1]
            Pictures.SaveGrid(images, "grid.png");
            ```

            On the command line: `gan generate generator.onnx --count 64 --seed 1{inShell} --out pictures`.
            """);
        return text.ToString();
    }

    public static string Translator(RunContext run)
    {
        var (o, a) = (run.Options, run.Architecture);
        var text = Start(run);
        string Image(int channels) => $"float32 [N, {channels}, {a.Shape.Height}, {a.Shape.Width}] in [-1, 1]";
        var judged = Objectives.Create(o.Objective).IsProbabilistic ? "`probability` and `logit`" : "`score`";
        judged += " float32 [N, P], of P patches row by row";
        var seen = a.Cycles ? Image(a.Shape.Channels)
            : $"{Image(a.ConditionChannels + a.Shape.Channels)}, a pair, the input's channels first";
        text.AppendLine($"""
            | file | input | output |
            |---|---|---|
            | `translator.onnx` | `image` {Image(a.ConditionChannels)} | `translation` {Image(a.Shape.Channels)} |
            | `discriminator.onnx` | `image` {seen} | {judged} |
            """);
        if (a.Cycles)
        {
            text.AppendLine($"| `translator-back.onnx` | `image` {Image(a.Shape.Channels)} | `translation` {Image(a.ConditionChannels)} |");
            text.AppendLine($"| `discriminator-back.onnx` | `image` {Image(a.ConditionChannels)} | {judged} |");
        }
        Forms(text, run);
        Training(text, run, $"{a.Name}, {a.Filters} filters, patches of {a.Patch} pixels",
            $"{TextFormat.Count(o.Train.Steps, "step")} of {TextFormat.Count(o.Train.BatchSize, "pair")}, " +
            $"{OptionMember.KeyOf(o.Objective.Loss.ToString())}, " + (a.Cycles
                ? $"cycle {TextFormat.Number(o.Objective.Cycle)}, identity {TextFormat.Number(o.Objective.Identity)}"
                : $"L1 {TextFormat.Number(o.Objective.L1)}") + ", Adam " +
            $"{TextFormat.Number(o.Train.LearningRate)}, beta1 {o.Train.Beta1}, seed {o.Train.Seed}");
        if (a.Cycles)
        {
            if (run.Summary.Metrics<CycleStageMetrics>("evaluate") is { } cycles)
                text.AppendLine().AppendLine($"""
                    ## How well it works

                    | test images | L1 there and back (black 0, white 1) | Frechet distance, features of {cycles.Forth.Features} |
                    |---|---|---|
                    {Both("first side", cycles.Forth)}
                    {Both("second side", cycles.Back)}
                    """);
        }
        else if (run.Summary.Metrics<PairStageMetrics>("evaluate") is { } m)
        {
            text.AppendLine().AppendLine(FormattableString.Invariant($"""
                ## How close to the target

                | {m.Outputs.Images} test pairs | L1 (black 0, white 1) | PSNR, dB | SSIM |
                |---|---|---|---|
                {PairRow("outputs", m.Outputs)}
                {PairRow("target of the training pair with the nearest input", m.Nearest)}
                {PairRow("mean of the training targets", m.MeanImage)}
                {PairRow("input itself", m.Input)}
                """));
        }
        text.AppendLine($"""

            ## In C#

            ```csharp
            using GanPipeline.Inference;

            using var translator = TranslatorModel.Load("translator.onnx");
            var translated = translator.Translate(images);           // [N, {a.ConditionChannels}, H, W] to [N, {a.Shape.Channels}, H, W]
            Pictures.SaveGrid(translated, "grid.png");
            ```

            On the command line: `gan translate translator.onnx --data folder:pictures --size {a.Shape.Height} --out translated`.
            """);
        return text.ToString();

        static string Both(string name, CycleDirection d) => FormattableString.Invariant(
            $"| of the {name}, {d.Cycle.Images} | {d.Cycle.L1:0.0000} +- {d.Cycle.L1Error:0.0000} ") +
            $"| {TextFormat.Number(d.Frechet.Outputs)} (real images: {TextFormat.Number(d.Frechet.Real)}) |";
    }

    private static string PairRow(string name, PairMetrics p) =>
        FormattableString.Invariant($"| {name} | {p.L1:0.0000} +- {p.L1Error:0.0000} ") +
        FormattableString.Invariant($"| {p.Psnr:0.00} +- {p.PsnrError:0.00} | {p.Ssim:0.000} +- {p.SsimError:0.000} |");

    public static string PoseGenerator(RunContext run)
    {
        var (o, a, pose) = (run.Options, run.Architecture, run.Source("train").Pose!);
        var text = Start(run);
        string Image(int channels) => $"float32 [N, {channels}, {a.Shape.Height}, {a.Shape.Width}] in [-1, 1]";
        var image = Image(a.Shape.Channels);
        text.AppendLine($"""
            | file | inputs | outputs |
            |---|---|---|
            | `pose-generator.onnx` | `image` {image}, `pose` {Image(pose.Channels)} | `translation` and (first stage) `coarse` {image} |

            """);
        text.AppendLine(pose.Kind == PoseKind.View
            ? "The planes of `pose` are constant: sine and cosine of the yaw, sine and cosine of the pitch."
            : FormattableString.Invariant($"Each plane of `pose` has a keypoint: 2 exp(-d^2 / (2 r^2)) - 1 at d pixels from it, with ") +
                FormattableString.Invariant($"r = {pose.Radius}, or -1 where it is not there; in this order: ") +
                $"{string.Join(", ", pose.Keypoints)}.");
        Forms(text, run);
        Training(text, run, $"{a.Name}, {a.Filters} filters, patches of {a.Patch} pixels",
            $"{TextFormat.Count(o.Train.Steps, "step")} of {TextFormat.Count(o.Train.BatchSize, "pair")}, the first " +
            $"{TextFormat.Count(o.Train.FirstStageSteps)} of the first stage alone, {OptionMember.KeyOf(o.Objective.Loss.ToString())}, " +
            $"L1 {TextFormat.Number(o.Objective.L1)}, Adam {TextFormat.Number(o.Train.LearningRate)}, beta1 {o.Train.Beta1}, seed " +
            $"{o.Train.Seed}");
        if (run.Summary.Metrics<PoseStageMetrics>("evaluate") is { } m)
        {
            text.AppendLine().AppendLine(FormattableString.Invariant($"""
                ## How close to the target

                | {m.Outputs.Images} test pairs | L1 (black 0, white 1) | PSNR, dB | SSIM |
                |---|---|---|---|
                {PairRow("outputs", m.Outputs)}
                {PairRow("first stage", m.Coarse)}
                {PairRow("target of the training pair with the nearest image and pose", m.Nearest)}
                {PairRow("mean of the training targets", m.MeanImage)}
                {PairRow("input itself", m.Input)}
                """));
            if (m.Read is { } read)
                text.AppendLine().AppendLine($"""
                    Read from {read.Outputs.Images} of the outputs by comparing them with renders: the view is within 5 degrees of the
                    wanted one in {TextFormat.Percent(read.Outputs.Near)} (from the targets {TextFormat.Percent(read.Targets.Near)}), and
                    the kind of brick is right in {TextFormat.Percent(read.Outputs.Kind)} (from the targets
                    {TextFormat.Percent(read.Targets.Kind)}).
                    """);
        }
        text.AppendLine($"""

            ## In C#

            ```csharp
            using GanPipeline;
            using GanPipeline.Inference;

            using var model = PoseGeneratorModel.Load("pose-generator.onnx");
            var made = model.Generate(images, {(pose.Kind == PoseKind.View ? "[new ViewPose(Yaw: 30, Pitch: 35)]" : "points")});
            Pictures.SaveGrid(made, "grid.png");
            ```
            """);
        text.AppendLine().AppendLine(pose.Kind == PoseKind.View
            ? "On the command line: `gan pose pose-generator.onnx --in picture.png --yaw 30 --pitch 35`, or `--turn 12` once around."
            : $"""
                `points` are places for all of these keypoints, `(x, y)` in pixels of the square or null: `KeypointTable` and
                `PictureReader.Place` read them. On the command line:
                `gan pose pose-generator.onnx --in picture.png --keypoints points.csv --fit {o.Data.Fit} --out made`.
                """);
        return text.ToString();
    }

    public static string Classifier(RunContext run)
    {
        var o = run.Options;
        var source = run.Source("train");
        var reads = LabelLayout.Select(source.Attributes, o.Reads);
        var text = Start(run);
        var image = $"`image` float32 [N, {source.Shape.Channels}, {source.Shape.Height}, {source.Shape.Width}] in [-1, 1]";
        text.AppendLine($"""
            | file | input | outputs |
            |---|---|---|
            | `classifier.onnx` | {image} | `features` float32 [N, {o.Network.FeatureCount}], `logits` float32 [N, {reads.Size}] |

            Generated pictures are measured in the space of `features`: the Frechet distance to real ones (`evaluate.classifier` of a
            pipeline).
            """);
        Forms(text, run);
        Training(text, run, $"{3 * o.Network.Depth} convolutions, the first of {o.Network.Filters} filters; {o.Network.FeatureCount} " +
            $"features", $"{TextFormat.Count(o.ClassifierTrain.Epochs, "epoch")}, batches of {o.ClassifierTrain.BatchSize}, seed " +
            $"{o.ClassifierTrain.Seed}");
        Reads(text, run, reads);
        return text.ToString();
    }

    public static string TextEncoder(RunContext run)
    {
        var (network, words, training) = (run.Options.TextNetwork, run.Vocabulary, run.Options.TextEncoderTrain);
        var text = Start(run);
        var shape = run.Source("train").Shape;
        var (ids, output) = ($"`text` int64 [N, {words.Length}]", $"`embedding` float32 [N, {network.EmbeddingSize}]");
        var image = $"`image` float32 [N, {shape.Channels}, {shape.Height}, {shape.Width}] in [-1, 1]";
        text.AppendLine($"""
            | file | input | output |
            |---|---|---|
            | `text-encoder.onnx` | {ids}, of the vocabulary in the metadata | {output} |
            | `image-encoder.onnx` | {image} | {output} |

            A picture and what is said of it are near each other, by the cosine of their embeddings.
            """);
        var unit = words.Unit == TextUnit.Word ? "words" : "characters";
        Training(text, run, $"an embedding of {TextFormat.Count(words.Size)} {unit} in {network.TokenSize} numbers, " +
            (network.Convolutions > 0 ? $"{TextFormat.Count(network.Convolutions, "convolution")}, " : "") +
            $"a GRU of {network.StateSize}; for pictures {3 * network.Depth} convolutions, the first of {network.Filters} filters",
            $"{TextFormat.Count(training.Epochs, "epoch")}, batches of {training.BatchSize}, seed {training.Seed}");
        if (run.Summary.Metrics<RetrievalMetrics>("evaluate") is { } found)
        {
            text.AppendLine().AppendLine($"""
                ## How well it works

                Of {TextFormat.Count(found.Pictures, "test picture")}, {Percent(found.RPrecision)} are nearest to their own of
                {found.Candidates} captions (R-precision, Xu et al. 2018).
                """);
            if (found.ClassAccuracy is { } classes)
                text.AppendLine($"{Percent(classes)} are nearest to their class, the mean of its captions.");
            if (found.HeldOutRPrecision is { } heldOut)
                text.AppendLine($"Of {TextFormat.Count(found.HeldOutPictures, "picture")} with combinations of class and color that no " +
                    $"training picture has: {Percent(heldOut)}.");
        }
        text.AppendLine("""

            ## In C#

            ```csharp
            using GanPipeline.Inference;

            using var encoder = TextEncoderModel.Load("text-encoder.onnx");
            foreach (var warning in encoder.Warnings("a red brick")) Console.WriteLine(warning);
            float[] embedding = encoder.Embed("a red brick");
            ```
            """);
        return text.ToString();

        static string Percent(double share) => FormattableString.Invariant($"{100 * share:0.0} %");
    }

    private static void Reads(StringBuilder text, RunContext run, LabelLayout reads)
    {
        text.AppendLine(FormattableString.Invariant($"""

            ## What it reads

            The logits are blocks, one an attribute, in this order; `ClassifierModel` of GanPipeline.Inference takes them apart. Right on
            {run.Summary.Metrics<ClassifierTrainMetrics>("train")?.HeldOut} held-out pictures:

            | attribute | values | right |
            |---|---|---|
            """));
        var accuracies = run.Summary.Metrics<ClassifierTrainMetrics>("train")?.Accuracies;
        foreach (var field in reads.Fields)
        {
            var values = field.Values.Count == 0 ? "absent, present" : field.Values.Count <= 12
                ? string.Join(", ", field.Values)
                : $"{field.Values[0]}, {field.Values[1]}, ... ({field.Values.Count})";
            var right = accuracies?.TryGetValue(field.Name, out var share) == true
                ? FormattableString.Invariant($"{share * 100:0.00} %")
                : "";
            text.AppendLine($"| {field.Name} | {values} | {right} |");
        }
    }

    private static StringBuilder Start(RunContext run) => new StringBuilder()
        .AppendLine($"# {run.Options.Name}").AppendLine().AppendLine(run.Options.Description).AppendLine();

    private static void Forms(StringBuilder text, RunContext run)
    {
        if (run.Summary.Metrics<ExportMetrics>("export")?.Reduced is not { } forms) return;
        text.AppendLine("""

            Smaller forms of the same networks, used like the originals:

            | file | bytes | of the original | relative error |
            |---|---|---|---|
            """);
        foreach (var (file, form) in forms)
            text.AppendLine($"| `{file}` | {TextFormat.Count(form.Bytes)} | " +
                $"{TextFormat.Percent((double)form.Bytes / form.OriginalBytes)} | {TextFormat.Number(form.RelativeError)} |");
    }

    private static void Training(StringBuilder text, RunContext run, string network, string how)
    {
        var source = run.Source("train");
        var colour = source.ConditionChannels > 0 ? "each a pair" : source.Shape.Channels == 1 ? "gray" : "colour";
        text.AppendLine($"""

            ## Where it comes from

            - Data: {source.Name}, {TextFormat.Count(source.Count, "picture")} of {source.Shape.Width} x {source.Shape.Height}, {colour}
            - Network: {network}
            - Training: {how}
            - Made by GanPipeline {About.Version}; the training's hash is `{run.Summary.Hash("train")}`
            """);
        if (run.Summary.Metrics<ExportMetrics>("export")?.MaxAbsDifference is { } differences)
            text.AppendLine("- Verified: ONNX Runtime's results differ from Torch's by at most "
                + TextFormat.List(differences.Select(d => $"{TextFormat.Number(d.Value)} ({d.Key})")));
    }

    private static void Labels(StringBuilder text, LabelLayout labels)
    {
        text.AppendLine("""

            `label` says what a picture shows: one number for each value of a categorical field, 1 for its own and 0 for the others; 0 or 1
            for a binary one; -1 to 1 over the range of a numeric one.

            | numbers | field | values |
            |---|---|---|
            """);
        var at = 0;
        foreach (var field in labels.Fields)
        {
            text.AppendLine($"| {(field.Width == 1 ? $"{at}" : $"{at} to {at + field.Width - 1}")} | {field.Name} | {field.Domain} |");
            at += field.Width;
        }
    }

    private static void Features(StringBuilder text, RunContext run)
    {
        using var model = FeatureModel.Load(run.Folder.Features);
        text.AppendLine($"| `features.onnx` | `image` | `features` float32 [N, {model.FeatureCount}]: the discriminator's convolutions " +
            $"({string.Join(", ", model.Layers.Select(l => $"{l.Layer}: {l.Channels} x {l.Height} x {l.Width}"))})" +
            (model.Metadata.ContainsKey(ModelMetadata.MirroredFeatures) ? ", means over an image and its mirror image" : "") +
            (model.Metadata.TryGetValue(ModelMetadata.StandardizedFeatures, out var images)
                ? $", with a mean of 0 and a deviation of 1 over {images} training images"
                : "") + " |");
    }

    private static void Frechet(StringBuilder text, RunContext run)
    {
        if (run.Summary.Metrics<SampleMetrics>("evaluate") is not { } m) return;
        var d = m.Frechet;
        text.AppendLine($"""

            ## How good it is

            Frechet distance to the test pictures in the feature space of `{m.Classifier}`; smaller is better.

            | samples | real pictures | untrained generator | noise |
            |---|---|---|---|
            | {string.Join(" | ", new[] { d.Samples, d.Real, d.Untrained, d.Noise }.Select(TextFormat.Number))} |
            """);
        if (m.Kernel is { } kernel)
        {
            text.AppendLine($"""

                Kernel distance to them in the same features, with standard errors: {KernelText.Distance(kernel.Samples)}; real pictures
                {KernelText.Distance(kernel.Real)}.
                """);
        }
        if (m.TwoSample is { } two)
        {
            text.AppendLine($"""

                Nearest neighbours tell samples from test pictures with an accuracy of {TextFormat.Share(two.Samples.Accuracy,
                    two.Samples.Error)}; real pictures {TextFormat.Share(two.Real.Accuracy, two.Real.Error)}, and 0.5 is best.
                """);
        }
        if (m.Classification is { } score)
        {
            text.AppendLine(FormattableString.Invariant($"""

                A linear classifier of these features that was trained on {TextFormat.Count(score.Images)} samples tells
                {100 * score.Samples.Share:0.0} % of the test pictures right, and one trained on as many real pictures
                {100 * score.Real.Share:0.0} %.
                """));
        }
        if (m.Copies is { } copies)
        {
            text.AppendLine($"""

                Samples against the {TextFormat.Count(copies.Training)} training pictures: {CopyText.Verdict(copies)}.
                """);
        }
        if (m.Modes is { } modes)
        {
            text.AppendLine($"""

                Among {TextFormat.Count(modes.Images, "sample")}: {ModeText.Line(modes, m.RealModes)}. The divergence is of the samples'
                modes from the data's, in nats.
                """);
        }
    }

    private static void Transfer(StringBuilder text, RunContext run)
    {
        if (run.Summary.Metrics<TransferMetrics>("classify") is not { } m) return;
        var labels = m.LabelsPerClass is { } many
            ? $"{TextFormat.Count(many)} labels per class, {m.Draws} draws"
            : $"all {TextFormat.Count(m.TrainImages)} labels";
        text.AppendLine($"""

            ## What its features are worth

            Test images of {run.Source("test").Name} that a linear classifier recognises ({labels}), with 95 % intervals; the differences
            are paired.

            | representation | accuracy | features are better by |
            |---|---|---|
            | `features.onnx` | {TransferMetrics.Percent(m.Accuracy)} {m.Interval} | |
            """);
        foreach (var (name, control) in m.Controls.Concat(m.Layers ?? new Dictionary<string, ControlMetrics>()))
            text.AppendLine($"| {name} | {TransferMetrics.Percent(control.Accuracy)} | {control.DescribeDifference()} |");
    }
}
