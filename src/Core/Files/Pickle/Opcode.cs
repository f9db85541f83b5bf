namespace GanPipeline;

/// <summary>The operations of pickles that hold plain data; the names are those of pickletools.py.</summary>
internal static class Opcode
{
    public const byte Proto = 0x80, Frame = 0x95, Stop = (byte)'.', Mark = (byte)'(';

    public const byte None = (byte)'N', NewTrue = 0x88, NewFalse = 0x89, BinInt = (byte)'J', BinInt1 = (byte)'K', BinInt2 = (byte)'M',
        Long1 = 0x8A, BinFloat = (byte)'G';

    public const byte ShortBinString = (byte)'U', BinString = (byte)'T', ShortBinBytes = (byte)'C', BinBytes = (byte)'B', BinBytes8 = 0x8E,
        ByteArray8 = 0x96, ShortBinUnicode = 0x8C, BinUnicode = (byte)'X', BinUnicode8 = 0x8D;

    public const byte EmptyDict = (byte)'}', EmptyList = (byte)']', EmptyTuple = (byte)')', Tuple = (byte)'t', Tuple1 = 0x85, Tuple2 = 0x86,
        Tuple3 = 0x87, Append = (byte)'a', Appends = (byte)'e', SetItem = (byte)'s', SetItems = (byte)'u';

    public const byte BinPut = (byte)'q', LongBinPut = (byte)'r', Memoize = 0x94, BinGet = (byte)'h', LongBinGet = (byte)'j';

    public const byte Global = (byte)'c', StackGlobal = 0x93, Reduce = (byte)'R', Build = (byte)'b', NewObject = 0x81,
        BinPersistent = (byte)'Q';
}
