namespace GanPipeline.Data.Tests;

/// <summary>Sentences about bricks, and combinations that are held out from training.</summary>
public class BrickCaptionsTests
{
    private static readonly DataOptions _options = new()
    {
        Channels = 3,
        Captions = "sentences",
        Count = 2000,
        Bricks = new() { Backgrounds = ["white", "gray", "dark"] },
    };

    [Fact]
    public void Captions_name_what_the_picture_shows()
    {
        using var source = new BricksSource(_options);
        Assert.True(source.HasCaptions);
        string[] numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
        for (var i = 0; i < source.Count; i++)
        {
            var brick = source.Describe(i);
            var background = BrickSetting.Backgrounds.Single(b => b.Value == brick.Background).Name;
            var captions = source.Captions(i);
            Assert.Equal(5, captions.Distinct().Count());
            foreach (var caption in captions)
            {
                var words = caption.Split(' ', ',', ';', ':');
                Assert.Contains(brick.Color.Name, words);
                Assert.Contains(background, words);
                Assert.Contains(words, word => word == numbers[brick.Type.StudsWide - 1] || word == $"{brick.Type.StudsWide}");
                Assert.Contains(words, word => word == numbers[brick.Type.StudsLong - 1] || word == $"{brick.Type.StudsLong}");
                Assert.Single(BrickType.All.Select(t => t.Form).Distinct(), form => words.Any(word => Names(form, word, caption)));
                Assert.Contains(words, word => Names(brick.Type.Form, word, caption));
            }
        }

        static bool Names(BrickForm form, string word, string caption) => form switch
        {
            BrickForm.Brick => word == "block" || (word == "brick" && !caption.Contains("sloped", StringComparison.Ordinal)),
            BrickForm.Plate => word == "plate",
            BrickForm.Tile => word == "tile",
            _ => word is "slope" or "sloped",
        };
    }

    /// <summary>Golden: sentences are a function of seed and index.</summary>
    [Fact]
    public void Sentences_are_the_same_everywhere()
    {
        using var source = new BricksSource(_options);
        using var few = new BricksSource(_options with { Count = 60 });
        Assert.Equal(source.Captions(59), few.Captions(59));
        Assert.Equal(
            [
                "the block is lime and has two by two studs; the ground is dark",
                "lime block, two studs long and two wide, dark background",
                "there is a lime brick on a dark table, 2 by 2 studs",
                "a lime brick, two studs wide and two long, on a dark table",
                "a lime brick of two by two studs on a dark table",
            ],
            source.Captions(7));
        using var other = new BricksSource(_options with { Seed = 5 });
        Assert.NotEqual(source.Captions(7), other.Captions(7));
        Assert.Equal(8, Enumerable.Range(0, 400).SelectMany(source.Captions).Select(Wording).Distinct().Count());

        static string Wording(string caption) => caption.Split(' ')[0] switch
        {
            "a" or "an" => caption.Split(' ').FirstOrDefault(word => word is "of" or "in") ?? "a",
            "this" or "the" or "there" => caption.Split(' ')[0],
            _ => caption.Contains(':', StringComparison.Ordinal) ? ":" : "color",
        };
    }

    [Fact]
    public void Groups_are_the_combinations_that_captions_name()
    {
        using var source = new BricksSource(_options with { Bricks = _options.Bricks with { Styles = ["render", "drawing"] } });
        var groups = Enumerable.Range(0, source.Count).GroupBy(source.CaptionGroup).ToArray();
        Assert.All(groups, group => Assert.Single(group.Select(Said).Distinct()));
        Assert.Equal(groups.Length, Enumerable.Range(0, source.Count).Select(Said).Distinct().Count());

        string Said(int index)
        {
            var brick = source.Describe(index);
            return $"{brick.Type} {brick.Color.Name} {(brick.Style == "drawing" ? "drawing" : brick.Background)}";
        }
    }

    [Fact]
    public void Drawings_are_called_so_and_have_no_ground()
    {
        using var source = new BricksSource(_options with { Bricks = _options.Bricks with { Styles = ["drawing", "render"] } });
        for (var i = 0; i < 200; i++)
        {
            var isDrawing = source.Describe(i).Style == "drawing";
            Assert.All(source.Captions(i), caption =>
            {
                Assert.Equal(isDrawing, caption.StartsWith("drawing: ", StringComparison.Ordinal));
                if (isDrawing) Assert.DoesNotMatch(" (table|ground|background)", caption);
            });
        }
    }

    [Fact]
    public void Held_out_combinations_are_in_the_test_part_alone()
    {
        var options = _options with { Count = 20_000, Bricks = _options.Bricks with { HeldOutCombinations = 0.2 } };
        using var train = new BricksSource(options);
        using var test = new BricksSource(options with { Split = "test" });
        using var all = new BricksSource(options with { Split = "all", Seed = 3 });
        var seen = Combinations(train).ToHashSet();
        Assert.DoesNotContain(true, Enumerable.Range(0, train.Count).Select(train.IsHeldOutCombination));
        foreach (var source in new[] { test, all })
        {
            for (var i = 0; i < source.Count; i++)
            {
                var brick = source.Describe(i);
                Assert.Equal(source.IsHeldOutCombination(i), !seen.Contains((brick.Type, brick.Color)));
            }
        }
        // Of 550 combinations the hash holds out 0.2, give or take 0.017 (a standard deviation).
        var share = Enumerable.Range(0, test.Count).Count(test.IsHeldOutCombination) / (double)test.Count;
        Assert.InRange(share, 0.15, 0.25);
        Assert.Equal(50, seen.Select(c => c.Item1).Distinct().Count());

        using var without = new BricksSource(options with { Bricks = _options.Bricks });
        Assert.DoesNotContain(true, Enumerable.Range(0, without.Count).Select(without.IsHeldOutCombination));
        Assert.NotEqual(without.Fingerprint, train.Fingerprint);
        using var one = new BricksSource(options with { Channels = 1 }); // gray alone
        Assert.Equal(["gray"], Combinations(one).Select(c => c.Item2.Name).Distinct());

        static IEnumerable<(BrickType, BrickColor)> Combinations(BricksSource source) =>
            Enumerable.Range(0, source.Count).Select(source.Describe).Select(brick => (brick.Type, brick.Color));
    }

    [Fact]
    public void Options_that_do_not_fit_are_told()
    {
        Assert.Contains("made of bricks", Fails(new() { Kind = "idx", Path = "x", Captions = "sentences" }), StringComparison.Ordinal);
        Assert.Contains("of kind folder", Fails(new() { Captions = "files" }), StringComparison.Ordinal);
        Assert.Contains("not named", Fails(new() { Kind = "folder", Path = "x", Captions = "table" }), StringComparison.Ordinal);
        Assert.Contains("be files or table", Fails(new() { Kind = "folder", Path = "x", CaptionFiles = "y" }), StringComparison.Ordinal);
        Assert.Contains("not of pairs", Fails(new() { Captions = "sentences", Pair = "edges" }), StringComparison.Ordinal);
        Assert.Contains("one of none, sentences", Fails(new() { Captions = "yes" }), StringComparison.Ordinal);
        Assert.Contains("from 0 to 0.5", Fails(new() { Bricks = new() { HeldOutCombinations = 0.6 } }), StringComparison.Ordinal);
        using var plain = new BricksSource(new());
        Assert.False(plain.HasCaptions);
        Assert.Empty(plain.Captions(0));
        Assert.Contains("data.captions", Assert.Throws<DataSetException>(() => plain.AllCaptions()).Message, StringComparison.Ordinal);
        Assert.Throws<DataSetException>(() => new BatchLoader(plain, new() { Vocabulary = Vocabulary.Build(["a"]) }));

        static string Fails(DataOptions options) => Assert.Throws<DataSetException>(() => DataSets.Open(options)).Message;
    }}
