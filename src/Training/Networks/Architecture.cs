namespace GanPipeline.Training;

/// <summary>
/// One of <see cref="Architectures"/>: how its networks are made, for which images, and the values its source gives the options.
/// </summary>
/// <param name="Create">Builds the networks; the options have been checked.</param>
/// <param name="Images">The images that it makes, in words.</param>
/// <param name="Fits">Whether it makes images of this shape.</param>
/// <param name="Latent">The source's latent size.</param>
/// <param name="Filters">The source's filters.</param>
/// <param name="Dropout">The source's dropout.</param>
/// <param name="Blocks">The source's blocks at a resolution; 0 where there are none.</param>
/// <param name="Translates">Whether it makes images of images, and not of latents.</param>
/// <param name="Cycles">Whether it does so both ways, and learns from images that are no pairs.</param>
/// <param name="TellsTexts">Whether its networks are told texts, by their embeddings.</param>
/// <param name="Poses">Whether it makes them of an image and a pose.</param>
internal sealed record Architecture(Func<ArchitectureOptions, GanNetworks> Create, string Images, Func<ImageShape, bool> Fits, int Latent,
    int Filters, double Dropout, int Blocks = 0, bool Translates = false, bool Cycles = false, bool TellsTexts = false, bool Poses = false)
{
    private static readonly int[] _usualSides = [16, 32, 64, 128, 256, 512];

    /// <summary>The usual square size that the architecture makes and that an image loses least in.</summary>
    public int SideFor(ImageShape shape)
    {
        int[] sides = [.. _usualSides.Where(side => Fits(shape with { Height = side, Width = side }))];
        return sides.FirstOrDefault(side => side >= Math.Max(shape.Height, shape.Width), sides[^1]);
    }
}
