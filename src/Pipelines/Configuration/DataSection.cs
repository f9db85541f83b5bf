using GanPipeline.Data.Bricks;

namespace GanPipeline.Pipelines;

/// <summary>Which pictures, in which form, and how they reach the training.</summary>
internal sealed record DataSection
{
    public static readonly string[] Kinds = ["bricks", "idx", "cifar10", "folder"];
    public static readonly string[] Fits = ["crop", "pad", "stretch"];
    public static readonly string[] MissingRules = ["error", "leave-out"];

    /// <summary>bricks, idx, cifar10 or folder.</summary>
    public required string Kind { get; init; }

    /// <summary>Absolute, or empty: bricks need none.</summary>
    public required string Path { get; init; }

    /// <summary>Side of the square pictures, or 0 for their own.</summary>
    public required int Size { get; init; }

    /// <summary>1 gray, 3 colour, 0 the data's own.</summary>
    public required int Channels { get; init; }

    /// <summary>How many pictures the bricks world has.</summary>
    public required int Count { get; init; }

    public required long Seed { get; init; }

    /// <summary>How pictures that are not square become so.</summary>
    public required string Fit { get; init; }

    /// <summary>Side of the square that is cut out of the middle before resizing; 0 cuts nothing.</summary>
    public required int Crop { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Absolute path of a table with the pictures' attributes, or empty.</summary>
    public required string Attributes { get; init; }

    /// <summary>Absolute path of a table that says which pictures are for training, or empty.</summary>
    public required string Partition { get; init; }

    /// <summary>What a row of the table is that lacks a value: an error, or left out.</summary>
    public required string Missing { get; init; }

    /// <summary>Use at most so many pictures, spread over the set; 0 for all.</summary>
    public required int Limit { get; init; }

    /// <summary>The share of a folder's pictures set aside for testing, where it has no test folder.</summary>
    public required double HoldOut { get; init; }

    /// <summary>Pictures of more pixels are left out.</summary>
    public required long MaxPixels { get; init; }

    /// <summary>Whether half of the pictures are mirrored in training.</summary>
    public required bool Flip { get; init; }

    /// <summary>In training, pictures are moved by up to so many pixels.</summary>
    public required int RandomCrop { get; init; }

    /// <summary>Decoded pictures kept in memory, in megabytes; 0 streams.</summary>
    public required int CacheMb { get; init; }

    /// <summary>Decoding threads; 0 chooses.</summary>
    public required int Workers { get; init; }

    /// <summary>What varies in the bricks world.</summary>
    public required BricksOptions Bricks { get; init; }
}
