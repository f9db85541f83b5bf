using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>
/// Whether images show what texts say: captions of test pictures are given to a generator, and a classifier reads the attributes of these
/// pictures from its images; from the pictures themselves for comparison.
/// </summary>
public static class CaptionEvaluation
{
    /// <summary>Measures a generator.</summary>
    /// <param name="generator">One that is told texts.</param>
    /// <param name="classifier">Reads attributes; those that the pictures have as well count.</param>
    /// <param name="test">Pictures with captions and attributes.</param>
    /// <param name="count">Pictures to take, spread over all; one image is made of a caption of each.</param>
    /// <param name="seed">Decides captions and latents.</param>
    /// <param name="embedImages">Images of the generator's size to embeddings in the space of <paramref name="texts"/>; null leaves
    /// R-precision out.</param>
    /// <param name="texts">Texts to embeddings.</param>
    /// <param name="progress">Is told the number of pictures done; may be null.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">The generator is told no texts.</exception>
    /// <exception cref="DataSetException">The pictures have no captions, or none can be read.</exception>
    public static CaptionMetrics Evaluate(GeneratorModel generator, ClassifierModel classifier, IImageSource test, int count, long seed,
        Func<ImageTensor, float[]>? embedImages = null, Func<IReadOnlyList<string>, float[]>? texts = null, Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(test);
        if (generator.Vocabulary is null) throw new ArgumentException("The generator is told no texts.", nameof(generator));
        var labels = LabelLayout.FromFields([.. test.Attributes.Where(field => field.Kind != LabelKind.Numeric && field.Width > 0 &&
            classifier.Fields.Any(read => read.Name == field.Name))]);
        var chosen = LabelLayout.Select(test.Attributes, [.. labels.Fields.Select(field => field.Name)]);
        var parts = new Dictionary<bool, Part>();
        foreach (var held in new[] { false, true }) parts[held] = new(new(classifier, labels), new(classifier, labels), [], [], [], []);
        var all = new float[test.Attributes.Count];
        var done = 0;
        foreach (var (pictures, indices) in test.ReadBatches(count, generator.BatchSize, cancellationToken))
        {
            string[] captions = [.. indices.Select(index => test.DrawCaption(index, seed, 0))];
            var images = generator.Sample(pictures.Count, seed, done, Rotated(captions, done), cancellationToken);
            float[][] values = [.. indices.Select(index =>
            {
                var row = new float[labels.Fields.Count];
                test.ReadAttributes(index, all);
                chosen.Choose(all, row);
                return row;
            })];
            var ofText = texts?.Invoke(captions);
            var (ofImages, ofPictures) = (embedImages?.Invoke(images), embedImages?.Invoke(pictures));
            foreach (var (held, part) in parts)
            {
                int[] own = [.. Enumerable.Range(0, indices.Length).Where(i => test.IsHeldOutCombination(indices[i]) == held)];
                if (own.Length == 0) continue;
                float[][] wanted = [.. own.Select(i => values[i])];
                part.Samples.Add(Some(images, own), wanted, cancellationToken);
                part.Real.Add(Some(pictures, own), wanted, cancellationToken);
                part.Groups.AddRange(own.Select(i => test.CaptionGroup(indices[i])));
                if (ofText is null || ofImages is null) continue;
                part.Texts.AddRange(Rows(ofText, own, indices.Length));
                part.Images.AddRange(Rows(ofImages, own, indices.Length));
                part.Pictures.AddRange(Rows(ofPictures!, own, indices.Length));
            }
            progress?.Invoke(done += pictures.Count);
        }
        return new()
        {
            Pictures = done,
            Seen = Metrics(parts[false], seed, cancellationToken),
            HeldOut = Metrics(parts[true], seed, cancellationToken),
        };
    }

    /// <summary>What has been read of one part of the pictures.</summary>
    private sealed record Part(LabelReading Samples, LabelReading Real, List<int> Groups, List<float> Texts, List<float> Images,
        List<float> Pictures);

    private static CaptionAgreement? Metrics(Part part, long seed, CancellationToken cancellationToken)
    {
        if (part.Groups.Count == 0) return null;
        var (samples, real) = (part.Samples.Shares, part.Real.Shares);
        return new()
        {
            Pictures = part.Groups.Count,
            Fields = part.Samples.Names.Select((name, i) => (name, new LabelAgreement(samples[i], real[i], samples[i] / real[i])))
                .ToDictionary(field => field.name, field => field.Item2),
            RPrecision = Found(part.Images) is { } found && Found(part.Pictures) is { } best ? new(found, best) : null,
        };

        double? Found(List<float> images)
        {
            if (images.Count == 0) return null;
            try
            {
                return CaptionRetrieval.FindOwnCaptions(images.ToArray(), part.Texts.ToArray(), images.Count / part.Groups.Count,
                    part.Groups, seed: seed, cancellationToken: cancellationToken).Average(isFound => isFound ? 1.0 : 0);
            }
            // Too few captions to choose from.
            catch (ArgumentException)
            {
                return null;
            }
        }
    }

    /// <summary>Texts such that image first + i gets text i.</summary>
    private static string[] Rotated(string[] texts, int first) =>
        [.. Enumerable.Range(0, texts.Length).Select(i => texts[((i - first) % texts.Length + texts.Length) % texts.Length])];

    private static ImageTensor Some(ImageTensor images, int[] which) => new([.. which.SelectMany(i => (float[])[.. images.Image(i)])],
        which.Length, images.Channels, images.Height, images.Width);

    private static IEnumerable<float> Rows(float[] values, int[] which, int count) =>
        which.SelectMany(i => values[(i * (values.Length / count))..((i + 1) * (values.Length / count))]);
}
