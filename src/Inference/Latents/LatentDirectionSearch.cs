namespace GanPipeline.Inference;

/// <summary>Which directions to find, and with how many latents.</summary>
public sealed record LatentDirectionOptions
{
    /// <summary>The attributes; empty means all that the classifier reads.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Latents that the directions are found with, at least 2.</summary>
    public int Count { get; init; } = 5000;

    /// <summary>Fresh latents that they are measured with, at least 1.</summary>
    public int TestCount { get; init; } = 500;

    /// <summary>The fewest latents with a value, and without it, for a direction, at least 1; other values are left out.</summary>
    public int LeastExamples { get; init; } = 25;

    /// <summary>How far the fresh latents are moved.</summary>
    public IReadOnlyList<double> Distances { get; init; } = [1, 2, 3];

    /// <summary>Which latents.</summary>
    public long Seed { get; init; }

    /// <summary>Labels of a conditional generator, as for
    /// <see cref="GeneratorModel.Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}

/// <summary>Finds the directions of attributes in a latent space.</summary>
/// <remarks>
/// The direction of a value is the difference between the mean latent of images that show it and the mean of those that do not, scaled to
/// length 1. It is the normal of Fisher's linear discriminant (1936): standard normal latents have the identity as their covariance, and
/// the discriminant computed with the covariance of all latents or with that within the classes has one direction. Radford, Metz and
/// Chintala 2016, section 6.3.2, turn faces by such a difference; Shen et al. 2020 (InterFaceGAN) move along the normal of a linear
/// classifier.
/// </remarks>
public static class LatentDirectionSearch
{
    // Fresh latents and random directions are those of the same seed, far from the ones that the directions are found with.
    private const long FirstOfTest = 1L << 40, FirstOfRandom = 1L << 41;

    /// <summary>Finds and measures a direction for each value of the attributes that enough latents have.</summary>
    /// <param name="reader">The generator and the classifier.</param>
    /// <param name="options">Attributes and numbers of latents; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The directions, by attribute and value.</returns>
    /// <exception cref="LatentException">No value of the attributes has enough latents with it and without it.</exception>
    /// <exception cref="ArgumentException">The classifier reads no such attribute; labels as for
    /// <see cref="GeneratorModel.Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of latents below its least.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public static IReadOnlyList<LatentDirection> Find(
        LatentReader reader, LatentDirectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        options ??= new LatentDirectionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TestCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LeastExamples, 1);
        var fields = FieldsOf(reader.Labels, options.Attributes);
        var latents = Draw(reader, options, 0, options.Count, out var labels);
        var read = reader.Read(latents, labels, cancellationToken);
        var test = new TestLatents(reader, options, cancellationToken);
        var directions = new List<LatentDirection>();
        foreach (var field in fields)
        {
            for (var value = 0; value < reader.Labels.Fields[field].Choices; value++)
            {
                var examples = read[field].Count(r => r == value);
                if (Math.Min(examples, options.Count - examples) < options.LeastExamples) continue;
                // What is true goes one way and what is false the other: one direction.
                if (reader.Labels.Fields[field].Kind == LabelKind.Binary && value == 0) continue;
                var vector = DifferenceOfMeans(latents, reader.Generator.LatentSize, read[field], value);
                directions.Add(test.Measure(field, value, vector, examples));
            }
        }
        return directions.Count > 0 ? directions : throw new LatentException(
            $"No value of {string.Join(", ", fields.Select(f => reader.Labels.Fields[f].Name))} has {options.LeastExamples} latents with " +
            $"it and as many without it among {options.Count}.");
    }

    private static int[] FieldsOf(LabelLayout labels, IReadOnlyList<string> names) => names.Count == 0
        ? [.. Enumerable.Range(0, labels.Fields.Count)]
        : [.. names.Select(name => labels.Fields.ToList().FindIndex(field => field.Name == name) is >= 0 and var index ? index
            : throw new ArgumentException($"The classifier reads no {name}; it reads " +
                $"{string.Join(", ", labels.Fields.Select(field => field.Name))}."))];

    private static float[] Draw(LatentReader reader, LatentDirectionOptions options, long first, int count, out float[] labels)
    {
        labels = reader.Generator.LabelVectors(count, options.Seed, first, options.Labels);
        return Latents.Normal(options.Seed, first, count, reader.Generator.LatentSize);
    }

    private static float[] DifferenceOfMeans(float[] latents, int size, int[] read, int value)
    {
        var (with, without) = (new double[size], new double[size]);
        var examples = 0;
        for (var i = 0; i < read.Length; i++)
        {
            if (read[i] == value) examples++;
            var sum = read[i] == value ? with : without;
            for (var j = 0; j < size; j++) sum[j] += latents[i * size + j];
        }
        var difference = with.Zip(without, (a, b) => a / examples - b / (read.Length - examples)).ToArray();
        return Unit(difference);
    }

    private static float[] Unit(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => (float)(x / Math.Max(length, 1e-30)))];
    }

    /// <summary>Fresh latents, what is read from their images, and what is read after a move.</summary>
    private sealed class TestLatents
    {
        private readonly LatentReader _reader;
        private readonly LatentDirectionOptions _options;
        private readonly CancellationToken _cancellationToken;
        private readonly float[] _latents, _labels;
        private readonly int[][] _before;

        // What is read after a move along a random direction, another for each latent, by distance.
        private readonly int[][][] _atRandom;

        public TestLatents(LatentReader reader, LatentDirectionOptions options, CancellationToken cancellationToken)
        {
            (_reader, _options, _cancellationToken) = (reader, options, cancellationToken);
            _latents = Draw(reader, options, FirstOfTest, options.TestCount, out _labels);
            _before = reader.Read(_latents, _labels, cancellationToken);
            var size = Size;
            var random = Latents.Normal(options.Seed, FirstOfRandom, options.TestCount, size);
            for (var i = 0; i < options.TestCount; i++)
                Unit([.. random.AsSpan(i * size, size).ToArray().Select(x => (double)x)]).CopyTo(random.AsSpan(i * size));
            _atRandom = [.. options.Distances.Select(distance => reader.Read(
                _latents.Zip(random, (z, r) => (float)(z + distance * r)).ToArray(), _labels, cancellationToken))];
        }

        private int Size => _reader.Generator.LatentSize;

        public LatentDirection Measure(int field, int value, float[] vector, int examples)
        {
            var (attribute, name) = (_reader.Labels.Fields[field], NameOf(_reader.Labels.Fields[field], value));
            var direction = new LatentDirection(attribute.Name, name, vector, examples, Separation(field, value, vector), []);
            int[] others = [.. Enumerable.Range(0, _options.TestCount).Where(i => _before[field][i] != value)];
            var effects = _options.Distances.Select((_, place) => Effect(direction, field, value, others, place));
            return direction with { Effects = [.. effects] };
        }

        private LatentDirectionEffect Effect(LatentDirection direction, int field, int value, int[] others, int place)
        {
            var distance = _options.Distances[place];
            // All latents, so that those with the value need no selection of latents and labels.
            var after = _reader.Read(direction.Move(_latents, distance), _labels, _cancellationToken);
            double Share(Func<int, bool> holds) => others.Length == 0 ? double.NaN : (double)others.Count(holds) / others.Length;
            var stayed = new Dictionary<string, double>();
            for (var f = 0; f < after.Length; f++)
            {
                var other = f;
                if (f != field) stayed[_reader.Labels.Fields[f].Name] = Share(i => after[other][i] == _before[other][i]);
            }
            return new(distance, others.Length, Share(i => after[field][i] == value), Share(i => _atRandom[place][field][i] == value),
                stayed);
        }

        /// <summary>The share of pairs, one latent with the value and one without, whose coordinates have the right order.</summary>
        private double Separation(int field, int value, float[] vector)
        {
            var coordinates = Enumerable.Range(0, _options.TestCount)
                .Select(i => (IsWith: _before[field][i] == value, At: Coordinate(i, vector))).OrderBy(c => c.At);
            long without = 0, with = 0, ordered = 0;
            foreach (var (isWith, _) in coordinates)
            {
                if (isWith) (with, ordered) = (with + 1, ordered + without);
                else without++;
            }
            return with * without == 0 ? double.NaN : (double)ordered / (with * without);
        }

        private double Coordinate(int latent, float[] vector)
        {
            double sum = 0;
            for (var j = 0; j < Size; j++) sum += _latents[latent * Size + j] * vector[j];
            return sum;
        }

        private static string NameOf(LabelField field, int value) =>
            field.Kind == LabelKind.Binary ? (value == 1 ? "true" : "false") : field.Values[value];
    }
}
