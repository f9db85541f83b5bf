namespace GanPipeline.Data;

/// <summary>Opens data sets.</summary>
public static class DataSets
{
    /// <summary>
    /// Opens a data set. Lists the files and checks the headers of data files. Pictures in folders and archives are decoded only when they
    /// are read, except the first ones, until one is usable.
    /// </summary>
    /// <param name="options">Which pictures, and their shape.</param>
    /// <param name="cancellationToken">Ends the listing, unpacking and reading.</param>
    /// <exception cref="DataSetException">
    /// The options contradict each other, or the files are missing, damaged or hold no usable picture.
    /// </exception>
    public static IImageSource Open(DataOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (_, problem) in options.Problems()) throw new DataSetException($"In the data's options, {problem}.");
        if (options.Unpaired) return OpenUnpaired(options, PairForm.Of(options)!, cancellationToken);
        if (PairForm.IsDerived(options)) return OpenDerived(options, PairForm.Of(options)!, cancellationToken);
        if (options.Kind == "bricks") return new BricksSource(options);
        try { return OpenFiles(options, cancellationToken); }
        catch (DataSetException e) when (
            KnownSets.Recognize(options.Path!, cancellationToken) is { } known && !IsMadeFrom(options.Kind, known.Kind))
        {
            throw new DataSetException($"{options.Path} holds {known.Title} files: open it as data of kind {known.Kind}. ({e.Message})", e);
        }
    }

    /// <summary>Finds out what a folder, archive or file holds, by the names of its files.</summary>
    /// <param name="path">The folder, archive or file.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The value of <see cref="DataOptions.Kind"/> that fits; <c>folder</c> if it is no known data set, or
    /// cannot be read.</returns>
    public static string Recognize(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return KnownSets.Recognize(path, cancellationToken)?.Kind ?? "folder";
    }

    /// <summary>Two folders by themselves, or the sides of different pairs; what is there to test with keeps its pairs.</summary>
    private static IImageSource OpenUnpaired(DataOptions options, PairForm form, CancellationToken cancellationToken)
    {
        if (options.Pair == PairForm.Folders)
        {
            var inputs = OpenSide(options, form.InputChannels, isA: !form.IsTurned, cancellationToken);
            try
            {
                var targets = OpenSide(options, form.TargetChannels, isA: form.IsTurned, cancellationToken);
                return new UnpairedSource(new(inputs), new(targets), options.Seed);
            }
            catch
            {
                inputs.Dispose();
                throw;
            }
        }
        var pairs = Open(options with { Unpaired = false }, cancellationToken);
        if (options.Split == "test") return pairs;
        if (pairs.Count < 2)
        {
            using (pairs) throw new DataSetException($"{pairs.Name} has one pair only, which cannot be divided into inputs and targets.");
        }
        var order = new Permutation(options.Seed, epoch: 0, pairs.Count);
        int[] indices = [.. Enumerable.Range(0, pairs.Count).Select(order.At)];
        var half = indices.Length / 2;
        return new UnpairedSource(new(pairs, 0, form.InputChannels, indices[..half]),
            new(pairs, form.InputChannels, form.TargetChannels, indices[half..]), options.Seed);
    }

    private static IImageSource OpenSide(DataOptions options, int channels, bool isA, CancellationToken cancellationToken)
    {
        var own = options with
        {
            Pair = PairForm.None, Unpaired = false, Direction = PairForm.AToB, ConditionChannels = 0, Channels = channels,
        };
        var source = PictureSource.Open(options.Path!, own, isA, cancellationToken);
        try
        {
            var selected = SelectedSource.Select(source, own);
            RequireUsable(selected, cancellationToken);
            return selected;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens the pictures, and makes the other side of each.</summary>
    private static DerivedPairs OpenDerived(DataOptions options, PairForm form, CancellationToken cancellationToken)
    {
        var pictures = Open(options with { Pair = PairForm.None, Direction = PairForm.AToB, ConditionChannels = 0, Channels = form.B },
            cancellationToken);
        if (options.Pair == PairForm.Gray)
        {
            return new DerivedPairs(pictures, options.Pair, form, made: 1,
                (_, picture, map) => Planes.Convert(picture, map, map.Length));
        }
        var bricks = (BricksSource)pictures;
        return options.Pair switch
        {
            PairForm.Edges => Of(1, (maps, map) => maps.Edges(map)),
            PairForm.Depth => Of(1, (maps, map) => maps.Depth(map)),
            PairForm.Pose => new(bricks, options.Pair, form, made: form.A, (index, _, map) =>
            {
                var pose = map[bricks.Shape.Size..];
                bricks.Render(bricks.DescribeFromElsewhere(index), map[..^pose.Length]);
                var brick = bricks.Describe(index);
                PoseLayout.View.Write(new(brick.Yaw, brick.Pitch), pose);
            })
            {
                Pose = PoseLayout.View,
            },
            PairForm.Drawing => new(bricks, options.Pair, form, made: form.A, (index, _, map) =>
            {
                var brick = bricks.Describe(index);
                new BrickMaps(brick, bricks.Shape.Width).Drawing(brick.Color, map);
            }),
            _ => Of(3, (maps, map) => maps.Classes(map)),
        };

        DerivedPairs Of(int made, Draw draw) => new(bricks, options.Pair, form, made,
            (index, _, map) => draw(new BrickMaps(bricks.Describe(index), bricks.Shape.Width), map));
    }

    private delegate void Draw(BrickMaps maps, Span<byte> map);

    /// <summary>Whether a kind of data is made from the files of a known set.</summary>
    private static bool IsMadeFrom(string kind, string known) => kind == known || (kind == "stacked-mnist" && known == "idx");

    private static IImageSource OpenFiles(DataOptions options, CancellationToken cancellationToken)
    {
        var source = options.Kind switch
        {
            "idx" => new RawSource(IdxPictures.Open(options, cancellationToken), options),
            "stacked-mnist" => StackedMnistSource.Open(options, cancellationToken),
            "cifar10" => OpenCifar(CifarSet.Ten, options, cancellationToken),
            "cifar100" => OpenCifar(CifarSet.Hundred, options, cancellationToken),
            _ when PairForm.HasKeypoints(options) => KeypointPairs.Open(options, cancellationToken),
            _ => (IImageSource)PictureSource.Open(options.Path!, options, isA: null, cancellationToken),
        };
        try
        {
            var selected = SelectedSource.Select(source, options);
            RequireUsable(selected, cancellationToken);
            return selected;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static IImageSource OpenCifar(CifarSet set, DataOptions options, CancellationToken cancellationToken)
    {
        if (CifarPictures.TryOpen(set, options.Path!, options.Split, cancellationToken) is not { } pictures)
            return PictureSource.Open(
                options.Path!, options with { Size = options.Size == 0 ? 32 : options.Size }, isA: null, cancellationToken);
        if ((options.Attributes ?? options.Partition) is not { } table) return new RawSource(pictures, options);
        throw new DataSetException($"The table {table} cannot be joined: the pictures of {options.Path} are in {set.Title}'s own files " +
            "and have no names.");
    }

    private static void RequireUsable(IImageSource source, CancellationToken cancellationToken)
    {
        var pixels = new byte[source.Shape.Size];
        for (var i = 0; i < source.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (source.TryRead(i, pixels)) return;
        }
        var example = source.SkippedImages[0];
        throw new DataSetException($"None of the {source.Count} pictures of {source.Name} can be used; for example {example.File}: " +
            $"{example.Reason}.");
    }
}
