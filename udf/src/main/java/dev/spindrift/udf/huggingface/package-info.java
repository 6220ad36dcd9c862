/** Model directories as Hugging Face's libraries write them: read, checked and turned into TorchScript modules. */
@NullMarked
package dev.spindrift.udf.huggingface;

import org.jspecify.annotations.NullMarked;
