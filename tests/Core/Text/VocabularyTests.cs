namespace GanPipeline.Core.Tests;

/// <summary>Words and characters with their ids, as text encoders read them and as models keep them.</summary>
public class VocabularyTests
{
    private static readonly string[] _captions = ["A red brick.", "a red, red plate", "the BLUE brick"];

    private static readonly Vocabulary _words = Vocabulary.Build(_captions);

    [Fact]
    public void Frequent_words_come_first_and_equal_ones_in_alphabetical_order()
    {
        Assert.Equal(["red", "a", "brick", "blue", "plate", "the"], _words.Tokens);
        Assert.Equal((8, 4, TextUnit.Word), (_words.Size, _words.Length, _words.Unit));
    }

    [Fact]
    public void A_text_becomes_its_words_numbers_padded_or_cut()
    {
        Assert.Equal([3L, 2, 4, 0], _words.Encode("A red brick"));
        Assert.Equal([3L, 1, 4, 0], _words.Encode("a green brick!"));
        Assert.Equal([2L, 2, 2, 2], _words.Encode("red red red red blue"));
        Assert.Equal([0L, 0, 0, 0], _words.Encode(" ... "));
        var ids = new long[] { 9, 9, 9, 9 };
        Assert.Equal(1, _words.Encode("blue", ids));
        Assert.Equal([5L, 0, 0, 0], ids);
        Assert.Throws<ArgumentException>(() => _words.Encode("blue", new long[3]));
    }

    [Fact]
    public void Rare_words_and_those_beyond_the_largest_size_are_unknown()
    {
        Assert.Equal(["red", "a", "brick"], Vocabulary.Build(_captions, new() { MinimumCount = 2 }).Tokens);
        var small = Vocabulary.Build(_captions, new() { MaximumSize = 4, Length = 2 });
        Assert.Equal(["red", "a"], small.Tokens);
        Assert.Equal((4, 2), (small.Size, small.Length));
        Assert.Equal([1L, 1], small.Encode("the blue brick"));
    }

    [Theory]
    [InlineData("Two-stud BRICK, 2x4; it's the bird\u2019s.", "two stud brick 2x4 it's the bird's")]
    [InlineData("'quoted' words'", "quoted words")]
    [InlineData("GELBER STEIN, gro\u00DF", "gelber stein gro\u00DF")]
    [InlineData("CAFE\u0301 \u00C9TE\u0301", "caf\u00E9 \u00E9t\u00E9")] // accents as characters of their own
    [InlineData("\u039A\u039F\u039A\u039A\u0399\u039D\u039F\u03A3 \u03BA\u03CC\u03BA\u03BA\u03B9\u03BD\u03BF\u03C2",
        "\u03BA\u03BF\u03BA\u03BA\u03B9\u03BD\u03BF\u03C3 \u03BA\u03CC\u03BA\u03BA\u03B9\u03BD\u03BF\u03C3")] // one sigma
    [InlineData("\u041A\u0420\u0410\u0421\u041D\u042B\u0419", "\u043A\u0440\u0430\u0441\u043D\u044B\u0439")] // Cyrillic
    [InlineData("\u7EA2\u8272\u782Ared", "\u7EA2 \u8272 \u782A red")] // Chinese has no spaces
    [InlineData("\u0939\u093F\u0928\u094D\u0926\u0940", "\u0939\u093F\u0928\u094D\u0926\u0940")] // Hindi, whose vowels are marks
    [InlineData("\u0E19\u0E35", "\u0E19\u0E35")] // Thai: a letter and its mark
    [InlineData("", "")]
    public void Words_are_letters_and_digits_of_any_alphabet(string text, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), _words.Split(text));

    [Fact]
    public void Characters_are_code_points_with_punctuation_and_single_spaces()
    {
        var characters = Vocabulary.Build(["Ab, \n c\u0301 \U0001F9F1 "], new() { Unit = TextUnit.Character });
        Assert.Equal(["a", "b", ",", " ", "\u0107", " ", "\U0001F9F1"], characters.Split("Ab, \n c\u0301 \U0001F9F1 "));
        Assert.Equal((7, 6 + 2), (characters.Length, characters.Size));
        Assert.Equal(["z", "!"], characters.UnknownWords("zaz!").Select(unknown => unknown.Word));
        Assert.Equal(["The character 'z' is not known."], characters.Warnings("z"));
    }

    [Fact]
    public void Unknown_words_are_told_once_with_the_nearest_known_one()
    {
        Assert.Equal([new("rde", null), new("bleu", null), new("bricks", "brick"), new("crimson", null)],
            _words.UnknownWords("the rde bleu bricks: bricks, crimson"));
        Assert.Equal([new("brik", "brick"), new("plaate", "plate")], _words.UnknownWords("a brik plaate"));
        Assert.Equal(["The word 'blu' is not known; did you mean 'blue'?", "The text has 5 words; only the first 4 are read."],
            _words.Warnings("a blu red red brick"));
        Assert.Empty(_words.Warnings("a red brick"));
    }

    [Theory]
    [InlineData(TextUnit.Word)]
    [InlineData(TextUnit.Character)]
    public void Json_keeps_everything(TextUnit unit)
    {
        var vocabulary = Vocabulary.Build([.. _captions, "caf\u00E9 \"\u7EA2\" \U0001F9F1"], new() { Unit = unit, Length = 9 });
        var read = Vocabulary.FromJson(vocabulary.ToJson());
        Assert.Equal((unit, 9), (read.Unit, read.Length));
        Assert.Equal(vocabulary.Tokens, read.Tokens);
        Assert.Equal("""{"unit":"word","length":4,"tokens":["red","a","brick","blue","plate","the"]}""", _words.ToJson());
    }

    [Theory]
    [InlineData("nonsense", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{\"unit\":\"word\"}", "cannot be read")]
    [InlineData("{\"unit\":\"word\",\"length\":2.5,\"tokens\":[\"a\"]}", "length is 2.5")]
    [InlineData("{\"unit\":\"word\",\"length\":4,\"tokens\":[\"a\",\"a\"]}", "cannot be read")]
    [InlineData("{\"unit\":\"word\",\"length\":4,\"tokens\":[1]}", "cannot be read")]
    [InlineData("{\"unit\":\"word\",\"length\":4,\"tokens\":[]}", "has no tokens")]
    [InlineData("{\"unit\":\"word\",\"length\":0,\"tokens\":[\"a\"]}", "length is 0")]
    [InlineData("{\"unit\":\"line\",\"length\":4,\"tokens\":[\"a\"]}", "unit is 'line'")]
    public void What_is_no_vocabulary_is_told(string json, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => Vocabulary.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_and_texts_that_give_no_vocabulary_are_told()
    {
        Assert.Contains("no words", Fails([], new()), StringComparison.Ordinal);
        Assert.Contains("no words", Fails(["...", ""], new()), StringComparison.Ordinal);
        Assert.Contains("occurs 9 times", Fails(_captions, new() { MinimumCount = 9 }), StringComparison.Ordinal);
        Assert.Contains("got 2000", Fails(_captions, new() { Length = 2000 }), StringComparison.Ordinal);
        Assert.Contains("got 2", Fails(_captions, new() { MaximumSize = 2 }), StringComparison.Ordinal);
        Assert.Contains("got 0", Fails(_captions, new() { MinimumCount = 0 }), StringComparison.Ordinal);

        static string Fails(IEnumerable<string> texts, VocabularyOptions options) =>
            Assert.Throws<ArgumentException>(() => Vocabulary.Build(texts, options)).Message;
    }
}
