using System.Security.Cryptography;

namespace GanPipeline.Jobs;

/// <summary>A file that is written from its beginning to its end, and hashed on the way; under another name until it is complete.</summary>
internal sealed class HashingFile : Stream
{
    private readonly string _path, _temporary;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isAbandoned;

    public HashingFile(string folder, string name)
    {
        Name = name;
        _path = Path.Combine(folder, name);
        _temporary = Path.Combine(folder, $".{name}.tmp");
        _file = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
    }

    public string Name { get; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isAbandoned) return;
        _file.Write(buffer);
        _hash.AppendData(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (!_isAbandoned) _file.Flush();
    }

    /// <summary>Gives the file its name.</summary>
    /// <returns>Its SHA-256.</returns>
    public string Complete()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <summary>Takes no more, and does not mind: an archive that is closed writes its end, also where the disk is full.</summary>
    public void Abandon() => _isAbandoned = true;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _file.Dispose();
            }
            // What was left to write; the file goes anyway.
            catch (IOException) when (_isAbandoned)
            {
            }
            _hash.Dispose();
            // Complete has renamed it.
            File.Delete(_temporary);
        }
        base.Dispose(disposing);
    }
}
