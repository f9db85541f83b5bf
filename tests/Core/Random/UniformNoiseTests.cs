namespace GanPipeline.Core.Tests;

public class UniformNoiseTests
{
    [Fact]
    public void The_numbers_are_those_of_their_seed()
    {
        var noise = UniformNoise.Of(7, 10_000);
        Assert.All(noise, value => Assert.InRange(value, 0, BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(1) - 1)));
        // Six standard errors of the mean, sqrt(1 / 12 / 10,000) = 0.0029 each.
        Assert.InRange(noise.Average(), 0.5 - 0.018, 0.5 + 0.018);
        Assert.Equal(noise.Take(37), UniformNoise.Of(7, 37));
        Assert.Equal(10_000, noise.Length);
        Assert.True(noise.Zip(UniformNoise.Of(8, 10_000)).Count(pair => pair.First == pair.Second) < 10);
    }

    /// <summary>
    /// The first block of the key 0 is that of the known answers which Random123 1.14 has for Philox 4x32-10 and a counter of 0.
    /// </summary>
    [Fact]
    public void The_first_numbers_are_Philoxs_known_answer()
    {
        uint[] words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
        Assert.Equal(words.Select(word => (word >> 8) / 16_777_216f), UniformNoise.Of(0, 4));
    }
}
