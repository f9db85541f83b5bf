using GanPipeline.Inference;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GanPipeline.Studio.Tests;

/// <summary>Which latent an address names.</summary>
public class LatentPlaceTests
{
    private const int Size = 12;

    private static float[] Latent(string query, params LatentDirection[] directions) => Read(query).Latent(Size, directions);

    private static LatentPlace Read(string query) => LatentPlace.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));

    [Fact]
    public void A_seed_has_the_latents_that_it_has_everywhere()
    {
        Assert.Equal(Latents.Normal(7, 3, 1, Size), Latent("?seed=7&index=3"));
        Assert.Equal(Latents.Normal(0, 0, 1, Size), Latent(""));
        var limited = new float[Size];
        Latents.Truncated(-5, 0, Size, 0.5f, limited);
        Assert.Equal(limited, Latent("?seed=-5&truncation=0.5"));
    }

    [Fact]
    public void The_corners_of_the_square_are_their_seeds_latents()
    {
        foreach (var (x, y, seed) in new[] { (0, 0, 11), (1, 0, 12), (0, 1, 13), (1, 1, 14) })
        {
            var latent = Latent($"?corners=11,12,13,14&x={x}&y={y}");
            Assert.All(latent.Zip(Latents.Normal(seed, 0, 1, Size)), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        }
        var top = LatentPath.Between(Latents.Normal(11, 0, 1, Size), Latents.Normal(12, 0, 1, Size), 0.25f);
        var bottom = LatentPath.Between(Latents.Normal(13, 0, 1, Size), Latents.Normal(14, 0, 1, Size), 0.25f);
        Assert.Equal(LatentPath.Between(top, bottom, 0.75f), Latent("?corners=11,12,13,14&x=0.25&y=0.75"));
    }

    [Fact]
    public void A_walks_frames_are_those_of_the_command_line()
    {
        var walk = LatentPath.Loop(Latents.Normal(4, 0, 5, Size), Size, 125);
        Assert.Equal(walk[(17 * Size)..(18 * Size)], Latent("?seed=4&points=5&frames=125&frame=17"));
    }

    [Fact]
    public void Values_and_directions_are_added()
    {
        var latent = Latents.Normal(2, 0, 1, Size);
        var vector = new float[Size];
        vector[5] = 1;
        latent[3] += 1.5f;
        latent[5] -= 2;
        Assert.Equal(latent, Latent("?seed=2&move=3:1.5&along=0:-2", new LatentDirection("color", "red", vector, 100, 0.9, [])));
    }

    [Theory]
    [InlineData("?seed=x", "seed is a whole number")]
    [InlineData("?seed=99999999999999999999", "seed is a whole number")]
    [InlineData("?index=-1", "index is a whole number")]
    [InlineData("?truncation=0", "truncation is a number from 0.01")]
    [InlineData("?truncation=NaN", "truncation is a number")]
    [InlineData("?corners=1,2,3", "four seeds; got 3")]
    [InlineData("?corners=1,2,3,4&x=2", "x is a number from 0 to 1")]
    [InlineData("?points=2", "points are 3 or more")]
    [InlineData("?points=21", "points is a whole number from 0 to 20")]
    [InlineData("?points=5&frames=10&frame=10", "frame is a whole number from 0 to 9")]
    [InlineData("?move=3", "such as 3:1.5; got '3'")]
    [InlineData("?move=3:1e9", "move is a number from -100 to 100")]
    [InlineData("?move=12:1", "A latent has 12 values")]
    [InlineData("?along=0:1", "0 directions are found")]
    public void What_is_wrong_is_told(string query, string problem) =>
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => Latent(query)).Message, StringComparison.Ordinal);
}
