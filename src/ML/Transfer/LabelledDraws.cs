using GanPipeline.Data;

namespace GanPipeline.ML;

/// <summary>Subsets of a data set's labelled images, common to all that are compared.</summary>
public static class LabelledDraws
{
    /// <summary>Draws so many usable images of each class at random, several times over.</summary>
    /// <param name="source">Labelled images.</param>
    /// <param name="labelsPerClass">Images of each class in a draw, at least 2.</param>
    /// <param name="draws">How many draws, at least 2; each is independent of the others, and depends on the seed and its number
    /// alone.</param>
    /// <param name="seed">Which draws.</param>
    /// <returns>For each draw, indices of images, class by class.</returns>
    /// <exception cref="DataSetException">The images have no labels, or a class has fewer usable images.</exception>
    public static IReadOnlyList<int[]> Draw(IImageSource source, int labelsPerClass, int draws, int seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(labelsPerClass, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        var classes = ByClass(source);
        var pixels = new byte[source.Shape.Size];
        var usable = new Dictionary<int, bool>();
        return [.. Enumerable.Range(0, draws).Select(draw =>
        {
            var random = new Random(HashCode(seed, draw));
            return classes.SelectMany((images, label) =>
            {
                int[] shuffled = [.. images];
                random.Shuffle(shuffled);
                var taken = shuffled.Where(IsUsable).Take(labelsPerClass).ToArray();
                if (taken.Length < labelsPerClass)
                    throw new DataSetException($"The class '{source.Classes[label]}' of {source.Name} has {taken.Length} usable images " +
                        $"to train on, fewer than the {labelsPerClass} labels per class that were asked for.");
                return taken;
            }).ToArray();
        })];

        bool IsUsable(int image) => usable.TryGetValue(image, out var known) ? known : usable[image] = source.TryRead(image, pixels);
    }

    /// <summary>The images of each class, checked: there are classes, and each has two images or more.</summary>
    /// <exception cref="DataSetException">It is not so.</exception>
    public static IReadOnlyList<int[]> ByClass(IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var labels = Enumerable.Range(0, source.Count).Select(source.Label).ToArray();
        var images = Rows(labels, source.Classes.Count);
        RequireTwo(images, source.Classes, source.Name);
        return images;
    }

    internal static int[][] Rows(IReadOnlyList<int> labels, int classes)
    {
        var lists = Enumerable.Range(0, classes).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < labels.Count; i++)
            if (labels[i] >= 0) lists[labels[i]].Add(i);
        return [.. lists.Select(l => l.ToArray())];
    }

    internal static void RequireTwo(IReadOnlyList<int[]> images, IReadOnlyList<string> classes, string name)
    {
        if (images.All(i => i.Length == 0))
            throw new DataSetException($"The images of {name} have no labels, without which no classifier can be trained.");
        if (classes.Count < 2)
            throw new DataSetException($"The images of {name} are all of the class '{classes[0]}'; a classifier needs two classes.");
        for (var label = 0; label < images.Count; label++)
        {
            if (images[label].Length >= 2) continue;
            var few = images[label].Length == 0 ? "no image" : "one image";
            throw new DataSetException($"The class '{classes[label]}' of {name} has {few}; it needs two or more, one to train on and one " +
                "to choose the regularisation with. Leave the class out, or add images.");
        }
    }

    /// <summary>Rows held out of a training set, the same share of every class and at least one, and the rest.</summary>
    internal static (int[] Train, int[] Validation) HoldOut(IEnumerable<int> rows, IReadOnlyList<int> labels, double share, int seed)
    {
        List<int> train = [], validation = [];
        var random = new Random(seed);
        foreach (var group in rows.GroupBy(r => labels[r]).OrderBy(g => g.Key))
        {
            var shuffled = group.ToArray();
            random.Shuffle(shuffled);
            var held = Math.Clamp((int)Math.Round(share * shuffled.Length), 1, shuffled.Length - 1);
            validation.AddRange(shuffled[..held]);
            train.AddRange(shuffled[held..]);
        }
        // In the table's order, which is the disk's.
        train.Sort();
        validation.Sort();
        return ([.. train], [.. validation]);
    }

    /// <summary>A seed of its own for each draw of each seed, the same on every machine.</summary>
    internal static int HashCode(int seed, int draw) => unchecked(seed * 1_000_003 + draw * 7919 + 17);
}
