using System.Text;

namespace GanPipeline.Data;

/// <summary>Which combinations of class and color are held out from training.</summary>
internal sealed class BrickCombinations
{
    private readonly Dictionary<BrickType, BrickColor[]> _kept;

    /// <param name="types">The classes.</param>
    /// <param name="colors">The colors.</param>
    /// <param name="heldOut">The share to hold out.</param>
    public BrickCombinations(BrickType[] types, BrickColor[] colors, double heldOut) =>
        _kept = types.ToDictionary(type => type, type => heldOut == 0 ? colors : Kept(type, colors, heldOut));

    /// <summary>The colors that pictures of a class to train with have, in the order of all; at least one.</summary>
    public BrickColor[] Colors(BrickType type) => _kept[type];

    public bool IsHeldOut(BrickType type, BrickColor color) => Array.IndexOf(_kept[type], color) < 0;

    private static BrickColor[] Kept(BrickType type, BrickColor[] colors, double heldOut)
    {
        var kept = Array.FindAll(colors, color => Place(type, color) >= heldOut);
        return kept.Length > 0 ? kept : [colors.MaxBy(color => Place(type, color))!];
    }

    // By name, so that other choices of classes, colors and seeds hold the same out.
    private static double Place(BrickType type, BrickColor color)
    {
        ulong hash = 0;
        foreach (var part in Encoding.UTF8.GetBytes($"{type.Name} {color.Name}")) hash = Hashing.Combine((long)hash, part);
        return Hashing.Unit(hash);
    }
}
