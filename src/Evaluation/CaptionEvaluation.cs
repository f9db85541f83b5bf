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
        foreach (var held in new[] { false, true }) parts[held] = new(new(classifier, labels), new(classifier, labels));
        // Every caption is a rival of every image, whichever part they are of.
        var (isHeldOut, groups) = (new List<bool>(), new List<int>());
        List<float> textVectors = [], imageVectors = [], pictureVectors = [];
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
            isHeldOut.AddRange(indices.Select(test.IsHeldOutCombination));
            groups.AddRange(indices.Select(test.CaptionGroup));
            if (texts is not null && embedImages is not null)
            {
                textVectors.AddRange(texts(captions));
                imageVectors.AddRange(embedImages(images));
                pictureVectors.AddRange(embedImages(pictures));
            }
            foreach (var (held, part) in parts)
            {
                int[] own = [.. Enumerable.Range(0, indices.Length).Where(i => isHeldOut[done + i] == held)];
                if (own.Length == 0) continue;
                float[][] wanted = [.. own.Select(i => values[i])];
                part.Samples.Add(Some(images, own), wanted, cancellationToken);
                part.Real.Add(Some(pictures, own), wanted, cancellationToken);
            }
            done += pictures.Count;
            progress?.Invoke(done);
        }
        var (found, real) = (Found(imageVectors), Found(pictureVectors));
        return new() { Pictures = done, Seen = Metrics(false), HeldOut = Metrics(true) };

        CaptionAgreement? Metrics(bool held)
        {
            int[] own = [.. Enumerable.Range(0, done).Where(i => isHeldOut[i] == held)];
            if (own.Length == 0) return null;
            var (samples, best) = (parts[held].Samples.Shares, parts[held].Real.Shares);
            return new()
            {
                Pictures = own.Length,
                Fields = parts[held].Samples.Names
                    .Select((name, i) => (name, new LabelAgreement(samples[i], best[i], samples[i] / best[i])))
                    .ToDictionary(field => field.name, field => field.Item2),
                RPrecision = found is null || real is null ? null
                    : new(own.Average(i => found[i] ? 1.0 : 0), own.Average(i => real[i] ? 1.0 : 0)),
            };
        }

        IReadOnlyList<bool>? Found(List<float> images)
        {
            if (images.Count == 0) return null;
            try
            {
                return CaptionRetrieval.FindOwnCaptions(images.ToArray(), textVectors.ToArray(), images.Count / groups.Count, groups,
                    seed: seed, cancellationToken: cancellationToken);
            }
            // Too few captions to choose from.
            catch (ArgumentException)
            {
                return null;
            }
        }
    }

    /// <summary>What has been read of one part of the pictures.</summary>
    private sealed record Part(LabelReading Samples, LabelReading Real);

    /// <summary>Texts such that image first + i gets text i.</summary>
    private static string[] Rotated(string[] texts, int first) =>
        [.. Enumerable.Range(0, texts.Length).Select(i => texts[((i - first) % texts.Length + texts.Length) % texts.Length])];

    private static ImageTensor Some(ImageTensor images, int[] which) => new([.. which.SelectMany(i => (float[])[.. images.Image(i)])],
        which.Length, images.Channels, images.Height, images.Width);
}
