namespace GanPipeline.Data;

/// <summary>A light or a background with a name, for options and labels.</summary>
/// <param name="Name">Its name in options and attributes.</param>
/// <param name="Value">The value of <see cref="BricksOptions.Light"/> or <see cref="BricksOptions.Background"/> that it stands for.</param>
public sealed record BrickSetting(string Name, double Value)
{
    /// <summary>Where light comes from, in degrees to the right of the direction of view.</summary>
    public static IReadOnlyList<BrickSetting> Lights { get; } = [new("left", -50), new("front", 0), new("right", 50), new("back", 180)];

    /// <summary>The ground's brightness as it appears in the picture.</summary>
    public static IReadOnlyList<BrickSetting> Backgrounds { get; } = [new("white", 0.92), new("gray", 0.6), new("dark", 0.28)];
}
