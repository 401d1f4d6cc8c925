import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
@Injectable()
export class UserService {
  constructor(private readonly ds: DataSource) {}
  async find(name: string) { return this.ds.query(`select * from u where n = '${name}'`); }
}
